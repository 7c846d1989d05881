package dev.segno.sandbox;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Which stand-ins are started, on which ports, and the key that they ask for.
 *
 * @param ports port by service name, in the order of the table at start; 0: any free port
 * @param adminKey what {@code X-ADMIN-KEY} must be, for the services that ask for it
 */
public record SandboxSettings(Map<String, Integer> ports, String adminKey) {

    /** For the sandbox only: the program itself has no default key. */
    private static final String DEFAULT_ADMIN_KEY = "demo-key";

    public SandboxSettings {
        ports = Collections.unmodifiableMap(new LinkedHashMap<>(ports));
    }

    /**
     * Reads the table {@code ports} of a file such as {@code config/sandbox.yaml}.
     *
     * @param file the file
     * @param portOffset added to every port of the table
     * @param environment where {@code ADMIN_KEY} is looked up; {@code demo-key} if it is absent or empty
     * @throws IOException if the file cannot be read
     * @throws IllegalArgumentException if it does not say what it should, with a text for the user
     */
    public static SandboxSettings read(Path file, int portOffset, Map<String, String> environment) throws IOException {
        Map<String, Integer> ports = new LinkedHashMap<>();
        table(file).forEach((name, port) -> {
            if (!(port instanceof Integer number)) {
                throw new IllegalArgumentException(file + ": the port of '" + name + "' is not a number: " + port);
            }
            int shifted = number + portOffset;
            if (shifted < 1 || shifted > 65_535) {
                throw new IllegalArgumentException(
                        file + ": port " + number + " of '" + name + "' shifted by " + portOffset + " is no port");
            }
            ports.put(String.valueOf(name), shifted);
        });
        String key = environment.getOrDefault("ADMIN_KEY", "");
        return new SandboxSettings(ports, key.isEmpty() ? DEFAULT_ADMIN_KEY : key);
    }

    /** All stand-ins on whatever ports are free. */
    public static SandboxSettings onFreePorts(String adminKey) {
        Map<String, Integer> ports = new LinkedHashMap<>();
        Sandbox.names().forEach(name -> ports.put(name, 0));
        return new SandboxSettings(ports, adminKey);
    }

    private static Map<?, ?> table(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            Object content =
                    new Load(LoadSettings.builder().setLabel(file.toString()).build()).loadFromInputStream(in);
            if (content instanceof Map<?, ?> map && map.get("ports") instanceof Map<?, ?> ports && !ports.isEmpty()) {
                return ports;
            }
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException(file + ": no such file", e);
        } catch (YamlEngineException e) {
            throw new IllegalArgumentException(file + ": not YAML: " + e.getMessage(), e);
        }
        throw new IllegalArgumentException(file + ": needs a table 'ports' of service names and port numbers");
    }
}
