package dev.segno.redis;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.segno.Application;
import dev.segno.RouteLayout;
import dev.segno.camel.yaml.CheckSettings;
import dev.segno.camel.yaml.Problem;
import dev.segno.camel.yaml.RouteFileChecker;
import dev.segno.control.Settings;
import dev.segno.run.Run;
import dev.segno.run.RunQuery;
import dev.segno.run.RunStore;
import dev.segno.spec.JsonClient;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.core.ConditionFactory;

/** A node in this process, with routes that read streams of a real server. Used by one thread. */
final class RedisSite implements AutoCloseable {

    private final Path directory;
    private final Path routes;
    private final Map<String, String> settings = new LinkedHashMap<>();
    private final Application application;
    private final JsonClient client;

    RedisSite(Path directory, Map<String, String> settings, Map<String, String> files) throws Exception {
        this.directory = directory;
        this.routes = directory.resolve("routes");
        Files.createDirectories(routes.resolve("test"));
        this.settings.putAll(settings);
        this.settings.put("segno.routes.watch", "false");
        this.settings.put("SEGNO_EDITOR_KEYS", "ed=editor-key");
        this.settings.put("SEGNO_API_KEYS", "ops=operator-key");
        for (Map.Entry<String, String> file : files.entrySet()) {
            Files.writeString(routes.resolve("test/" + file.getKey() + ".camel.yaml"), file.getValue());
        }
        this.application = Application.start(
                new Application.Options(
                        RouteLayout.of(List.of(routes), Path.of("routes")),
                        "127.0.0.1",
                        0,
                        this.directory.resolve("data"),
                        false),
                Settings.of(this.settings));
        this.client = new JsonClient(URI.create("http://127.0.0.1:" + application.port()));
    }

    static ConditionFactory soon() {
        return await().atMost(Duration.ofSeconds(30)).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(20));
    }

    /** A route that reads a stream, and the orchestration that it starts. */
    static String stream(String stream, String options, String orchestration, String step) {
        return """
                - route:
                    id: read-%1$s
                    from:
                      uri: redis-stream:%1$s?%2$s
                      steps:
                        - to: orchestration:%3$s
                - route:
                    id: %3$s
                    from:
                      uri: orchestration:%3$s
                      steps:
                        - step:
                            id: work
                            steps:
                %4$s
                """.formatted(stream, options, orchestration, step.indent(14).stripTrailing());
    }

    /** Saves a file; it is in use when this returns. */
    void save(String name, String text) throws Exception {
        Path file = routes.resolve("test/" + name + ".camel.yaml");
        Files.writeString(file, text);
        var problems =
                application.runtime().loader().apply(RouteFileChecker.check(routes, file, CheckSettings.DEFAULT));
        if (problems.stream().anyMatch(Problem::isError)) {
            throw new AssertionError(problems.toString());
        }
    }

    JsonNode get(String path) {
        try {
            return client.get(path, "X-Api-Key", "operator-key").body();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    JsonClient.Reply post(String path, String body) throws Exception {
        return client.post(path, body, "X-Api-Key", "operator-key");
    }

    RunStore store() {
        return application.runtime().engine().store();
    }

    /** All runs of an orchestration. */
    List<Run> runs(String orchestration) {
        List<Run> found = new ArrayList<>();
        Optional<String> before = Optional.empty();
        while (true) {
            List<Run> page = store().list(new RunQuery(Optional.of(orchestration), Optional.empty(), before, 500));
            found.addAll(page);
            if (page.size() < 500) {
                return found;
            }
            before = Optional.of(page.get(page.size() - 1).id());
        }
    }

    /** How a stream is read. */
    JsonNode state(String stream) {
        for (JsonNode state : get("/api/redis").path("streams")) {
            if (state.path("stream").asText().equals(stream)) {
                return state;
            }
        }
        throw new AssertionError("Nobody reads " + stream);
    }

    @Override
    public void close() {
        application.close();
    }
}
