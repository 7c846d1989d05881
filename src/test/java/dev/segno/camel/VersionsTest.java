package dev.segno.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segno.run.Definition;
import dev.segno.run.Run;
import dev.segno.run.RunState;
import dev.segno.run.UnknownOrchestration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A run stays on the file and the settings that it began with. */
class VersionsTest extends RouteTest {

    private static final String CHUNKED = """
            - step:
                id: first
                steps:
                  - to: effect:first
            - setBody: {simple: "chunks of {{CHUNK:5}}"}
            - step:
                id: second
                steps:
                  - to: effect:second
            """;

    /** Starts a run that dies in its first step. */
    private String crashInTheFirstStep() throws Exception {
        String run = harness.begin("sync", "in", Map.of(World.DIE_AT, "1 after"));
        harness.world.awaitDeath(run);
        return run;
    }

    @Test
    void aChangedSettingIsANewVersionAndAResumedRunKeepsTheOldValue() throws Exception {
        harness.settings.put("CHUNK", "10");
        harness.sync(CHUNKED).start();
        String old = crashInTheFirstStep();
        harness.settings.put("CHUNK", "20");
        harness.restart();

        Run resumed = harness.completed(old);
        Run young = harness.completed(harness.begin("in"));

        assertThat(harness.output(resumed)).isEqualTo("chunks of 10");
        assertThat(harness.output(young)).isEqualTo("chunks of 20");
        assertThat(young.version()).isNotEqualTo(resumed.version());
    }

    @Test
    void aDefaultIsPinnedToo() throws Exception {
        harness.sync(CHUNKED).start();
        String old = crashInTheFirstStep();
        harness.settings.put("CHUNK", "20");
        harness.restart();

        assertThat(harness.output(harness.completed(old))).isEqualTo("chunks of 5");
    }

    @Test
    void aSettingThatTheFileDoesNotNameIsNoNewVersion() throws Exception {
        harness.sync(CHUNKED).start();
        String version = harness.completed(harness.begin("in")).version();
        harness.settings.put("OTHER", "20");
        harness.restart();

        assertThat(harness.completed(harness.begin("in")).version()).isEqualTo(version);
    }

    @Test
    void anEditedFileIsANewVersionAndAResumedRunKeepsItsOwnRoutes() throws Exception {
        harness.sync(CHUNKED + "- to: direct:last\n", RouteHarness.direct("last", """
                - step:
                    id: third
                    steps:
                      - to: effect:third
                """))
                .start();
        String old = crashInTheFirstStep();
        harness.sync("""
                - step:
                    id: other
                    steps:
                      - to: effect:other
                - to: direct:last
                """, RouteHarness.direct("last", """
                - step:
                    id: third
                    steps:
                      - to: effect:changed
                """));
        harness.restart();

        Run resumed = harness.completed(old);
        Run young = harness.completed(harness.begin("in"));

        assertThat(harness.world.callsOf(old))
                .extracting(World.Call::effect)
                .containsExactly("first", "first", "second", "third");
        assertThat(harness.world.callsOf(young.id()))
                .extracting(World.Call::effect)
                .containsExactly("other", "changed");
        assertThat(young.version()).isNotEqualTo(resumed.version());
    }

    @Test
    void aRemovedFileStartsNoRunsAndLetsItsOldOnesFinish() throws Exception {
        harness.sync(CHUNKED).start();
        String old = crashInTheFirstStep();
        harness.delete("test/sync.camel.yaml");
        harness.restart();

        assertThat(harness.completed(old).state()).isEqualTo(RunState.COMPLETED);
        assertThatThrownBy(() -> harness.begin("in")).hasRootCauseInstanceOf(UnknownOrchestration.class);
    }

    @Test
    void aFileThatDoesNotLoadLetsItsOldRunsFinish() throws Exception {
        harness.sync(CHUNKED).start();
        String old = crashInTheFirstStep();
        harness.sync("- step: {steps: [{to: effect:x}]}");
        harness.die();
        harness.load();
        assertThat(harness.problems()).isNotEmpty();
        harness.runtime().recover();

        assertThat(harness.output(harness.completed(old))).isEqualTo("chunks of 5");
    }

    @Test
    void twoVersionsWithHandlersAndClausesAreThereSideBySide() throws Exception {
        String handlers = """
                - onException:
                    exception: [java.lang.IllegalStateException]
                    handled: {constant: "true"}
                    steps:
                      - step:
                          id: tell
                          steps:
                            - to: effect:tell
                - onCompletion:
                    steps:
                      - step:
                          id: end
                          steps:
                            - to: effect:end
                """;
        String steps = """
                - doTry:
                    steps:
                      - step:
                          id: first
                          steps:
                            - to: effect:first
                    doCatch:
                      - exception: [java.io.IOException]
                        steps:
                          - step:
                              id: catch
                              steps:
                                - to: effect:catch
                    doFinally:
                      steps:
                        - step:
                            id: tidy
                            steps:
                              - to: effect:tidy
                - to: direct:more
                """;
        String more = RouteHarness.direct("more", """
                - step:
                    id: second
                    steps:
                      - to: effect:%s
                """);
        harness.file(
                        "test/sync.camel.yaml",
                        handlers + RouteHarness.orchestration("sync", "", steps) + more.formatted("second"))
                .start();
        String old = crashInTheFirstStep();
        harness.file(
                "test/sync.camel.yaml",
                handlers + RouteHarness.orchestration("sync", "", steps) + more.formatted("changed"));
        harness.restart();

        harness.completed(old);
        String young = harness.completed(harness.begin("in")).id();

        assertThat(harness.world.callsOf(old))
                .extracting(World.Call::effect)
                .containsExactly("first", "first", "tidy", "second", "end");
        assertThat(harness.world.callsOf(young))
                .extracting(World.Call::effect)
                .containsExactly("first", "tidy", "changed", "end");
    }

    @Test
    void commentsAndLayoutMakeNoNewVersion() throws Exception {
        harness.sync(CHUNKED).start();
        String version = harness.completed(harness.begin("in")).version();
        harness.file(
                "test/sync.camel.yaml",
                "# what this is for\n\n"
                        + RouteHarness.orchestration("sync", "", CHUNKED)
                                .replace("id: first", "id:   'first' # the first"));
        harness.restart();

        assertThat(harness.completed(harness.begin("in")).version()).isEqualTo(version);
    }

    @Test
    void aKameletIsSharedAndAChangeOfItHelpsRunsUnderWay() throws Exception {
        String kamelet = """
                apiVersion: camel.apache.org/v1
                kind: Kamelet
                metadata:
                  name: notify
                spec:
                  definition:
                    title: Notify
                  template:
                    from:
                      uri: kamelet:source
                      steps:
                        - to: "effect:%s"
                """;
        harness.file("kamelets/notify.kamelet.yaml", kamelet.formatted("old"))
                .sync("""
                        - step:
                            id: first
                            steps:
                              - to: effect:first
                        - step:
                            id: second
                            steps:
                              - to: kamelet:notify
                        """)
                .start();
        String run = crashInTheFirstStep();
        harness.file("kamelets/notify.kamelet.yaml", kamelet.formatted("new"));
        harness.restart();
        harness.completed(run);

        assertThat(harness.world.effects()).containsExactly("first", "first", "new");
    }

    @Test
    void aSettingInARouteConfigurationIsSharedAndNeverPinned() throws Exception {
        harness.settings.put("TRIES", "0");
        harness.file("shared/policy.camel.yaml", """
                - routeConfiguration:
                    id: policy
                    errorHandler:
                      defaultErrorHandler:
                        redeliveryPolicy:
                          maximumRedeliveries: "{{TRIES}}"
                """)
                .file(
                        "test/sync.camel.yaml",
                        RouteHarness.orchestration("sync", "    routeConfigurationId: policy\n", CHUNKED))
                .start();
        String old = crashInTheFirstStep();
        harness.settings.put("TRIES", "2");
        harness.world.on("second", exchange -> {
            throw new ConnectException("refused");
        });
        harness.restart();

        assertThat(harness.end(old).state()).isEqualTo(RunState.PARKED);
        assertThat(harness.store().attempts(old)).hasSize(3);
        harness.world.heal("second");
        assertThat(harness.completed(harness.begin("in")).version())
                .as("no new version")
                .isEqualTo(harness.stored(old).version());
    }

    @Test
    void aSettingMayStandWhereANumberOrAFlagIsMeant() throws Exception {
        harness.settings.put("STOPS", "true");
        harness.settings.put("PARALLEL", "false");
        harness.sync("""
                - split:
                    id: parts
                    parallelProcessing: "{{PARALLEL}}"
                    stopOnException: "{{STOPS}}"
                    simple: "${body}"
                    steps:
                      - step:
                          id: part
                          steps:
                            - to: effect:part
                            - throttle: {constant: "{{RATE:100}}"}
                """).start();
        harness.world.on("part", exchange -> {
            throw new IllegalStateException("no");
        });

        String run = harness.begin(List.of(1, 2));

        assertThat(harness.end(run).state()).isEqualTo(RunState.PARKED);
        assertThat(harness.world.places(run)).containsExactly("parts[0]/part");
    }

    @Test
    void secretsAreNotInTheStoreAndAreResolvedAnew() throws Exception {
        harness.settings.put("CHUNK", "10");
        harness.settings.put("SHOP_API_KEY", "s3cr3t-old");
        harness.sync(CHUNKED + """
                - setBody: {simple: "{{SHOP_API_KEY}}"}
                - to: effect:outside
                - setBody: {constant: ""}
                - step:
                    id: third
                    steps:
                      - to: effect:third
                """).start();
        String old = crashInTheFirstStep();
        Run stored = harness.stored(old);
        Definition definition =
                harness.store().findDefinition("sync", stored.version()).orElseThrow();
        assertThat(definition.settings()).isEqualTo("{\"CHUNK\":\"10\"}");
        harness.settings.put("SHOP_API_KEY", "s3cr3t-new");
        harness.restart();
        harness.completed(old);
        Run young = harness.completed(harness.begin("in"));

        assertThat(young.version()).as("a secret is not part of the version").isEqualTo(stored.version());
        assertThat(harness.world.calls())
                .filteredOn(call -> call.effect().equals("outside"))
                .extracting(World.Call::body)
                .containsOnly("s3cr3t-new");
        harness.die();
        assertThat(files(harness.data()))
                .isNotEmpty()
                .allSatisfy(file -> assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                        .doesNotContain("s3cr3t"));
    }

    @Test
    void S15_aPasswordInAUrlIsNotInTheStoreAndIsResolvedAnew() throws Exception {
        harness.settings.put("STOCK_URL", "http://user:s3cr3t-old@stock:1/?x=1");
        harness.sync(CHUNKED + """
                - setBody: {simple: "{{STOCK_URL:http://stock:2}}"}
                - to: effect:outside
                - setBody: {constant: ""}
                """).start();
        String old = crashInTheFirstStep();
        Run stored = harness.stored(old);
        assertThat(harness.store()
                        .findDefinition("sync", stored.version())
                        .orElseThrow()
                        .settings())
                .contains("\"STOCK_URL\":\"http://***@stock:1/?x=1\"");
        harness.settings.put("STOCK_URL", "http://user:s3cr3t-new@stock:1/?x=1");
        harness.restart();
        harness.completed(old);

        assertThat(harness.completed(harness.begin("in")).version())
                .as("a password is not part of the version")
                .isEqualTo(stored.version());
        assertThat(harness.world.calls())
                .filteredOn(call -> call.effect().equals("outside"))
                .extracting(World.Call::body)
                .isNotEmpty()
                .containsOnly("http://user:s3cr3t-new@stock:1/?x=1");
        harness.die();
        assertThat(files(harness.data()))
                .isNotEmpty()
                .allSatisfy(file -> assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                        .doesNotContain("s3cr3t"));
    }

    @Test
    void aSettingBesideASecretIsPinnedAllTheSame() throws Exception {
        harness.settings.put("CHUNK", "10");
        harness.settings.put("SHOP_API_KEY", "old");
        harness.sync("""
                - step:
                    id: first
                    steps:
                      - to: effect:first
                - setBody: {simple: "{{CHUNK}} {{SHOP_API_KEY:none}} {{CHUNK}}"}
                """).start();
        String old = crashInTheFirstStep();
        harness.settings.put("CHUNK", "20");
        harness.settings.put("SHOP_API_KEY", "new");
        harness.restart();

        assertThat(harness.output(harness.completed(old))).isEqualTo("10 new 10");
    }

    private static List<Path> files(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
