package dev.segno;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.segno.control.Settings;
import dev.segno.control.SettingsException;
import dev.segno.spec.JsonClient;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files come, change and go while a node runs, in the ways in which editors and people do that. */
class RouteWatcherTest {

    @TempDir
    private Path directory;

    private Path routes;
    private @Nullable Application application;

    @BeforeEach
    void start() throws Exception {
        routes = directory.resolve("routes");
        write("first/first.camel.yaml", GreetingRoutes.text("first", "1"));
        start(Map.of());
    }

    private void start(Map<String, String> settings) throws Exception {
        application = Application.start(
                new Application.Options(
                        RouteLayout.of(List.of(routes), Path.of("routes")),
                        "127.0.0.1",
                        0,
                        directory.resolve("data"),
                        false),
                Settings.of(settings));
    }

    @AfterEach
    void stop() {
        if (application != null) {
            application.close();
            application = null;
        }
    }

    private Path write(String path, String text) throws IOException {
        Path file = routes.resolve(path);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private JsonClient client() {
        int port = Objects.requireNonNull(application).port();
        return new JsonClient(URI.create("http://127.0.0.1:" + port));
    }

    /** What a run of an orchestration answers, or the status if there is none. */
    private String ask(String name) throws Exception {
        JsonClient.Reply reply = client().post("/" + name, "{}");
        return reply.status() == 200 ? reply.body().asText() : String.valueOf(reply.status());
    }

    private void awaitAnswer(String name, String answer) {
        awaitThat(() -> ask(name), answer);
    }

    private static void awaitThat(Callable<String> question, String answer) {
        await().atMost(Duration.ofSeconds(30)).until(question, answer::equals);
    }

    private JsonNode problems() throws Exception {
        return client().get("/api/orchestrations").body().path("problems");
    }

    private void awaitProblem(String file, String fragment) {
        await().atMost(Duration.ofSeconds(30))
                .until(
                        this::problems,
                        problems -> !problems.isEmpty()
                                && problems.at("/0/file").asText().equals(file)
                                && problems.at("/0/what").asText().contains(fragment));
    }

    @Test
    void aFileThatIsSavedInPlaceOrByRenamingIsLoaded() throws Exception {
        assertThat(ask("first")).isEqualTo("1");

        write("first/first.camel.yaml", GreetingRoutes.text("first", "2"));
        awaitAnswer("first", "2");

        Path draft = write("first/4913~", GreetingRoutes.text("first", "3"));
        Files.move(
                draft,
                routes.resolve("first/first.camel.yaml"),
                StandardCopyOption.REPLACE_EXISTING,
                StandardCopyOption.ATOMIC_MOVE);
        awaitAnswer("first", "3");

        // Another way: the old file becomes the backup, and a new one is written.
        Files.move(routes.resolve("first/first.camel.yaml"), routes.resolve("first/first.camel.yaml~"));
        write("first/first.camel.yaml", GreetingRoutes.text("first", "4"));
        awaitAnswer("first", "4");
        assertThat(problems()).isEmpty();
    }

    @Test
    void aFileThatIsHalfWrittenChangesNothingUntilItIsWhole() throws Exception {
        String whole = GreetingRoutes.text("first", "2");
        write("first/first.camel.yaml", whole.substring(0, whole.indexOf("constant") + 4));
        awaitProblem("first/first.camel.yaml", "");
        assertThat(ask("first")).isEqualTo("1");

        write("first/first.camel.yaml", "");
        awaitProblem("first/first.camel.yaml", "empty");
        assertThat(ask("first")).isEqualTo("1");

        write("first/first.camel.yaml", whole);
        awaitAnswer("first", "2");
        assertThat(problems()).isEmpty();
    }

    @Test
    void aPackageThatComesAndGoesIsServedAsLongAsItIsThere() throws Exception {
        Files.createDirectories(routes.resolve("second"));
        write("second/deeper/second.camel.yaml", GreetingRoutes.text("second", "2"));
        awaitAnswer("second", "2");

        Files.move(routes.resolve("second/deeper"), routes.resolve("third"));
        Files.delete(routes.resolve("second"));
        awaitAnswer("second", "2");
        Files.delete(routes.resolve("third/second.camel.yaml"));
        awaitAnswer("second", "404");
        assertThat(client().post("/api/orchestrations/second/runs", "{}").status())
                .isEqualTo(404);
        assertThat(ask("first")).isEqualTo("1");
    }

    @Test
    void S7_aLinkOutOfTheDirectoryIsRefused() throws Exception {
        Path outside = Files.writeString(directory.resolve("outside.camel.yaml"), GreetingRoutes.text("second", "2"));
        Files.createDirectories(directory.resolve("elsewhere"));
        Files.writeString(directory.resolve("elsewhere/third.camel.yaml"), GreetingRoutes.text("third", "3"));
        Files.createSymbolicLink(routes.resolve("linked"), directory.resolve("elsewhere"));
        Files.createSymbolicLink(routes.resolve("first/second.camel.yaml"), outside);

        awaitProblem("first/second.camel.yaml", "outside");
        assertThat(ask("second")).isEqualTo("404");
        assertThat(ask("third")).isEqualTo("404");
    }

    @Test
    void aFileThatIsBrokenAtTheStartServesAsItLastLoaded() throws Exception {
        write("first/first.camel.yaml", GreetingRoutes.text("first", "2"));
        awaitAnswer("first", "2");
        stop();
        write("first/first.camel.yaml", GreetingRoutes.text("first", "3").replace("constant", "constants"));
        start(Map.of());

        assertThat(ask("first")).isEqualTo("2");
        awaitProblem("first/first.camel.yaml", "constants");
        write("first/first.camel.yaml", GreetingRoutes.text("first", "4"));
        awaitAnswer("first", "4");
    }

    @Test
    void anOrchestrationThatIsDisabledTakesNoNewRunsAlsoAfterARestart() throws Exception {
        JsonClient.Reply disabled = client().post("/api/orchestrations/first/disable", "{}");
        assertThat(disabled.body().path("enabled").asBoolean(true)).isFalse();

        assertThat(ask("first")).isEqualTo("409");
        JsonClient.Reply refused = client().post("/api/orchestrations/first/runs", "{}");
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.body().at("/error/message").asText()).contains("disabled", "/enable");
        stop();
        start(Map.of());
        assertThat(ask("first")).isEqualTo("409");
        assertThat(client().post("/api/orchestrations/none/disable", "{}").status())
                .isEqualTo(404);
        client().post("/api/orchestrations/first/enable", "{}");
        assertThat(ask("first")).isEqualTo("1");
    }

    @Test
    void watchingCanBeSwitchedOff() throws Exception {
        stop();
        start(Map.of("segno.routes.watch", "false"));
        write("first/first.camel.yaml", GreetingRoutes.text("first", "2"));
        stop();
        write("first/first.camel.yaml", GreetingRoutes.text("first", "3"));
        start(Map.of("segno.routes.watch", "false"));
        write("first/first.camel.yaml", GreetingRoutes.text("first", "4"));

        // What is awaited must not come: a watched file would be loaded well within that.
        await().during(Duration.ofSeconds(1)).atMost(Duration.ofSeconds(5)).until(() -> ask("first"), "3"::equals);
    }

    @Test
    void twoFilesOfOnePathAreRefusedAtTheStart() throws Exception {
        Path other = directory.resolve("other/first");
        Files.createDirectories(other);
        Files.writeString(other.resolve("first.camel.yaml"), GreetingRoutes.text("second", "2"));

        org.assertj.core.api.Assertions.assertThatThrownBy(
                        () -> RouteLayout.of(List.of(routes, directory.resolve("other")), Path.of("routes")))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("the same path");
    }

    @Test
    void theApiShowsSourcesAndVersionsAndChecksATextWithoutLoadingIt() throws Exception {
        JsonNode one = client().get("/api/orchestrations/first").body();
        assertThat(one.path("source").asText()).isEqualTo(GreetingRoutes.text("first", "1"));
        assertThat(one.path("state").asText()).isEqualTo("CURRENT");
        assertThat(one.path("file").asText()).isEqualTo("first/first.camel.yaml");
        String version = one.path("version").asText();
        assertThat(one.path("versions").toString())
                .isEqualTo("[{\"version\":\"%s\",\"current\":true}]".formatted(version));
        JsonNode shown =
                client().get("/api/orchestrations/first/versions/" + version).body();
        assertThat(shown.path("source").asText()).isEqualTo(GreetingRoutes.text("first", "1"));
        assertThat(client().get("/api/orchestrations/first/versions/0000").status())
                .isEqualTo(404);
        assertThat(client().get("/api/orchestrations/none").status()).isEqualTo(404);

        JsonClient.Reply good = client().post(
                        "/api/orchestrations/validate?path=first/first.camel.yaml", GreetingRoutes.text("first", "2"));
        assertThat(good.status()).isEqualTo(200);
        JsonClient.Reply clash = client().post("/api/orchestrations/validate", GreetingRoutes.text("first", "2"));
        assertThat(clash.status()).isEqualTo(422);
        assertThat(clash.body().at("/error/message").asText()).contains("is defined in first/first.camel.yaml already");
        JsonClient.Reply bad = client().post(
                        "/api/orchestrations/validate",
                        GreetingRoutes.text("second", "2").replace("constant", "constants"));
        assertThat(bad.status()).isEqualTo(422);
        JsonNode problem = bad.body().at("/error/details/problems/0");
        assertThat(problem.path("line").asInt()).isEqualTo(7);
        assertThat(problem.path("column").asInt()).isEqualTo(13);
        assertThat(problem.path("advice").asText()).isNotBlank();
        assertThat(client().post("/api/orchestrations/validate?path=../x.camel.yaml", "-")
                        .status())
                .isEqualTo(400);
        assertThat(ask("second")).isEqualTo("404");
        assertThat(ask("first")).isEqualTo("1");
    }

    @Test
    void S5_S6_aTextThatWouldActIsRefusedWithItsLineAndDoesNothing() throws Exception {
        Path made = directory.resolve("made");
        String bean = """
                - beans:
                    - name: out
                      type: java.io.FileOutputStream
                      constructors: {0: "%s"}
                """.formatted(made);
        JsonClient.Reply refused = client().post("/api/orchestrations/validate", bean);
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.body().at("/error/details/problems/0/line").asInt()).isPositive();
        write("first/bean.camel.yaml", bean);
        awaitProblem("first/bean.camel.yaml", "");
        write("kamelets/bad.kamelet.yaml", """
                apiVersion: camel.apache.org/v1
                kind: Kamelet
                metadata:
                  name: bad
                spec:
                  definition:
                    title: Bad
                  template:
                    beans:
                      - name: out
                        type: java.io.FileOutputStream
                        constructors: {0: "%s"}
                    from:
                      uri: kamelet:source
                      steps:
                        - to: "bean:out"
                """.formatted(made));
        await().atMost(Duration.ofSeconds(30)).until(() -> problems().size() >= 2);
        write(
                "first/user.camel.yaml",
                GreetingRoutes.text("user", "1").replace("setBody:", "to: kamelet:bad\n        - setBody:"));
        await().atMost(Duration.ofSeconds(30)).until(() -> problems().toString().contains("first/user.camel.yaml"));

        String bomb = "- &a [" + "x,".repeat(20) + "]\n" + "- [" + "*a,".repeat(60) + "]\n";
        long before = System.nanoTime();
        assertThat(client().post("/api/orchestrations/validate", bomb).status()).isEqualTo(422);
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofMillis(500));
        assertThat(made).doesNotExist();
    }

    @Test
    void aRouteThatWaitedForItsKameletIsLoadedWithIt() throws Exception {
        String caller = GreetingRoutes.text("caller", "1")
                .replace("setBody:", "to: kamelet:greet?tone=kind\n        - setBody:");
        String kamelet = """
                apiVersion: camel.apache.org/v1
                kind: Kamelet
                metadata:
                  name: greet
                spec:
                  definition:
                    title: Greet
                %s  template:
                    from:
                      uri: kamelet:source
                      steps:
                        - log: hello
                """;
        write("kamelets/greet.kamelet.yaml", kamelet.formatted(""));
        write("first/caller.camel.yaml", caller);
        await().atMost(Duration.ofSeconds(30))
                .until(() -> problems().toString().contains("'kamelet:greet' has no option 'tone'"));

        write("kamelets/greet.kamelet.yaml", kamelet.formatted("    properties:\n      tone: {type: string}\n"));

        awaitAnswer("caller", "1");
        assertThat(problems().toString()).doesNotContain("ERROR");
    }
}
