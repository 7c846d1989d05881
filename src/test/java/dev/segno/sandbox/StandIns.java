package dev.segno.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.segno.spec.JsonClient;
import dev.segno.spec.StandInClient;
import java.io.IOException;
import java.net.URI;
import java.util.List;

/** The stand-ins that a test is about, in a sandbox of its own. Not safe for use by several threads. */
final class StandIns implements AutoCloseable {

    private final Sandbox sandbox;
    private final List<String> names;

    private StandIns(Sandbox sandbox, List<String> names) {
        this.sandbox = sandbox;
        this.names = names;
    }

    /** @param names of those that {@link #reset} resets */
    static StandIns start(String... names) throws IOException {
        return new StandIns(Sandbox.start(SandboxSettings.onFreePorts("k")), List.of(names));
    }

    List<String> names() {
        return names;
    }

    /** Lets all of them forget what they were asked and told. */
    void reset() throws IOException, InterruptedException {
        for (String name : names) {
            of(name).reset();
        }
    }

    URI uri(String name) {
        return sandbox.uri(name);
    }

    StandInClient of(String name) {
        return new StandInClient(uri(name));
    }

    JsonNode get(String name, String path) throws IOException, InterruptedException {
        return good(of(name).get(path));
    }

    JsonNode post(String name, String path, String body) throws IOException, InterruptedException {
        return good(of(name).post(path, body));
    }

    private static JsonNode good(JsonClient.Reply reply) {
        assertThat(reply.status()).as(reply.body().toString()).isEqualTo(200);
        return reply.body();
    }

    @Override
    public void close() {
        sandbox.close();
    }
}
