package dev.segno.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.segno.control.Settings;
import dev.segno.control.SettingsException;
import dev.segno.control.YamlTree;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An OpenAPI 3.1 document, Segno's own or a route package's: which operations there are, who may call them, and what their
 * requests look like. Immutable, hence safe for concurrent use.
 *
 * <p>Extensions:
 * <ul>
 *   <li>on an operation, {@code x-segno-role} is the role that its callers need, {@code operator} where nothing is said;
 *       {@code x-segno-peer: true} opens it to peers as well; {@code x-segno-public: true} to everybody, as an empty
 *       {@code security} does; {@code x-segno-max-body} is the limit of its body in bytes; {@code x-segno-act} is what the
 *       audit record calls it, its {@code operationId} where nothing is said;
 *   <li>on the last parameter of a path, {@code x-segno-slashes: true} lets it take the rest of the path;
 *   <li>on an {@code apiKey} security scheme, {@code x-segno-setting} names the setting that holds its key, or its keys as
 *       {@code name=key,name=key}; a scheme without it, and one of the type {@code http}, stands for the credentials that
 *       are good everywhere;
 *   <li>at the top, {@code x-segno-errors} words errors ({@link ErrorTemplates}); {@code x-segno-strict-query: true},
 *       which an operation may take back, refuses query parameters that are not described; {@code x-segno-missing-status} is
 *       the status of requests that leave out what is required, 400 where nothing is said, and lets the message name the
 *       first fault; {@code x-segno-correlated: true} puts a correlation id on each answer and into each message;
 *       {@code x-segno-settings} gives settings the values that they have where nobody sets them.
 * </ul>
 */
public final class ApiDocument {

    private static final String OWN = "/openapi/segno.yaml";

    private final String name;
    private final @Nullable Path file;
    private final JsonNode tree;
    private final List<Operation> operations;

    ApiDocument(String name, @Nullable Path file, JsonNode tree, List<Operation> operations) {
        this.name = name;
        this.file = file;
        this.tree = tree;
        this.operations = List.copyOf(operations);
    }

    /**
     * Loads the document of a route package.
     *
     * @throws SettingsException when it cannot be read or used, or a setting that holds one of its keys is not set; the
     *     message names file and place
     */
    public static ApiDocument load(Path file, Settings settings) {
        ApiDocument document = new ApiDocumentReader(file.toString(), YamlTree.read(file), settings).read(file);
        document.operations().forEach(operation -> operation.requireGoodSchemas(file.toString()));
        return document;
    }

    /** Segno's own document. It is read once in a process, and takes some time then. */
    public static ApiDocument own() {
        return Own.DOCUMENT;
    }

    private static final class Own {
        static final ApiDocument DOCUMENT = resource(OWN, null);
    }

    /** The document of a part of Segno that is there where it is switched on; {@code part} stands before its names. */
    public static ApiDocument ofPart(String part) {
        return resource("/openapi/" + part + ".yaml", Path.of(part, "openapi.yaml"));
    }

    private static ApiDocument resource(String resource, @Nullable Path file) {
        String name = resource.substring(resource.lastIndexOf('/') + 1);
        try (InputStream in = Objects.requireNonNull(ApiDocument.class.getResourceAsStream(resource), resource)) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return new ApiDocumentReader(name, YamlTree.parse(text, name), Settings.of(Map.of())).read(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The values that its package gives to settings which nobody sets. */
    public Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        tree.path("x-segno-settings")
                .properties()
                .forEach(setting ->
                        settings.put(setting.getKey(), setting.getValue().asText()));
        return settings;
    }

    /** The same without a path, which somebody else serves. */
    ApiDocument without(String path) {
        ObjectNode rest = tree.deepCopy();
        ((ObjectNode) rest.path("paths")).remove(path);
        return new ApiDocument(
                name,
                file,
                rest,
                operations.stream()
                        .filter(operation -> !operation.path().text().equals(path))
                        .toList());
    }

    /** Whether it describes a path. */
    public boolean describes(String path) {
        return operations.stream().anyMatch(operation -> operation.path().text().equals(path));
    }

    List<Operation> operations() {
        return operations;
    }

    /** The document as it stands. */
    JsonNode tree() {
        return tree;
    }

    /** What messages call it. */
    String name() {
        return name;
    }

    /** The name of the package that it belongs to; empty for Segno's own. */
    String packageName() {
        Path directory = file == null ? null : file.toAbsolutePath().getParent();
        Path last = directory == null ? null : directory.getFileName();
        return last == null ? "" : last.toString();
    }

    @Override
    public String toString() {
        return "ApiDocument[" + name + "]";
    }
}
