package dev.segno.cli;

import dev.segno.control.Settings;
import dev.segno.control.SettingsFiles;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of the commands that start a node. */
final class NodeOptions {

    @Option(
            names = "--port",
            paramLabel = "P",
            description = "Port to listen on (default: ORCHESTRATOR_PORT, PORT, or 8080).")
    @Nullable
    Integer port;

    @Option(names = "--host", paramLabel = "H", description = "Address to listen on (default: ${DEFAULT-VALUE}).")
    String host = "127.0.0.1";

    @Option(names = "--data", paramLabel = "DIR", description = "Directory of the store (default: ${DEFAULT-VALUE}).")
    Path data = Path.of("data");

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Settings (default: APP_CONFIG_PATH, or config/app.yaml if it is there).")
    @Nullable
    Path config;

    @Option(
            names = "--insecure",
            description = "Listen on other addresses than this machine's own without authentication.")
    boolean insecure;

    /** The settings: the environment before the files. */
    Settings settings(Map<String, String> environment) {
        return SettingsFiles.load(environment, config, Home.directory().resolve("config/app.yaml"));
    }
}
