package dev.segno.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.segno.client.SegnoClient;
import java.io.PrintWriter;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Which node a command talks to, and how JSON is read and written by it. */
final class NodeClientOptions {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Option(
            names = "--url",
            paramLabel = "URL",
            defaultValue = "${env:SEGNO_URL:-http://127.0.0.1:8080}",
            description = "Address of the node (default: $SEGNO_URL, or http://127.0.0.1:8080).")
    URI url = URI.create("http://127.0.0.1:8080");

    /** The key is in the environment, where other users of the machine do not see it. */
    SegnoClient client() {
        @Nullable String key = System.getenv("SEGNO_KEY");
        return new SegnoClient(url, key == null || key.isEmpty() ? null : key);
    }

    /** The JSON of an argument; null without one. */
    static @Nullable JsonNode json(CommandLine command, @Nullable String text) {
        try {
            return text == null ? null : JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new ParameterException(command, "This is not JSON: " + text, e);
        }
    }

    /** Writes a run; whether it is completed. */
    static int print(PrintWriter out, JsonNode run) {
        out.println(run.toPrettyString());
        return run.path("state").asText().equals("COMPLETED") ? 0 : 1;
    }
}
