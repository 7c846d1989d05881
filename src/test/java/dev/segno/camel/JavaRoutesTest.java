package dev.segno.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.segno.camel.javadsl.JavaRouteClasses;
import dev.segno.camel.javadsl.RouteClasses;
import dev.segno.camel.javadsl.RouteJar;
import dev.segno.camel.yaml.CheckSettings;
import dev.segno.camel.yaml.Problem;
import dev.segno.camel.yaml.SchemaPasses;
import dev.segno.run.Definition;
import dev.segno.run.Payload;
import dev.segno.run.Run;
import dev.segno.run.RunState;
import dev.segno.run.Signal;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Orchestrations in the Java DSL: all that files can do but to be loaded while the process runs. */
class JavaRoutesTest extends RouteTest {

    private static final String JAR = "lib/shop.jar";

    private static String path(Class<?> type) {
        return JAR + '!' + type.getName();
    }

    @Test
    void aCrashAnywhereChangesNothing() throws Exception {
        harness.world.on("book", exchange -> {
            throw new IOException("sold out");
        });
        harness.jar(JAR, JavaRouteClasses.Orders.class);

        CrashProof.Undisturbed undisturbed = CrashProof.of(harness, List.of("a", "b"));

        assertThat(undisturbed.journal())
                .containsExactly(
                        "lines[0]/price",
                        "lines[1]/price",
                        "book failed",
                        "post",
                        "rounds[0]/round/turn",
                        "rounds[1]/round/turn",
                        "last");
    }

    @Test
    void aFailureThatTheClassHandlesIsHandled() {
        harness.world.on("price", exchange -> {
            throw new IllegalStateException("no price");
        });
        harness.jar(JAR, JavaRouteClasses.Orders.class).start();

        Run run = harness.completed(harness.begin(List.of("a")));

        assertThat(harness.journal(run.id())).contains("lines[0]/price failed", "lines[0]/onException[0]/tell");
        assertThat(harness.world.effects()).startsWith("price", "tell");
    }

    @Test
    void aSagaIsUndone() {
        harness.world.on("pay", exchange -> {
            throw new IllegalStateException("no money");
        });
        harness.jar(JAR, JavaRouteClasses.Saga.class).start();

        Run run = harness.end(harness.begin("A7"));

        assertThat(run.state()).isEqualTo(RunState.COMPENSATED);
        assertThat(harness.world.effects()).containsExactly("reserve", "pay", "release");
    }

    @Test
    void aWaitOutlivesItsProcess() throws Exception {
        harness.jar(JAR, JavaRouteClasses.Approval.class).start();
        String run = harness.begin("in");
        await().until(() -> harness.stored(run).state() == RunState.WAITING
                && harness.engine().live(run).isEmpty());
        harness.restart();

        harness.engine()
                .signal(new Signal(
                        run,
                        "one",
                        "approved",
                        new Payload.Inline(Payload.Kind.JSON, Json.bytes("yes")),
                        harness.engine().now()))
                .get(30, TimeUnit.SECONDS);

        harness.completed(run);
        assertThat(harness.world.effects()).containsExactly("ask", "send");
    }

    @Test
    void theVersionIsThatOfTheModel() throws Exception {
        harness.jar(JAR, JavaRouteClasses.Saga.class).start();
        Run first = harness.completed(harness.begin("in"));
        harness.restart();
        assertThat(harness.completed(harness.begin("in")).version()).isEqualTo(first.version());

        Definition definition =
                harness.store().findDefinition("sync", first.version()).orElseThrow();
        assertThat(definition.path()).isEqualTo(path(JavaRouteClasses.Saga.class));
        assertThat(definition.source()).contains("uri: orchestration:sync?onFailure=compensate");
        harness.jar(JAR, JavaRouteClasses.Edited.class).restart();

        assertThat(harness.completed(harness.begin("in")).version()).isNotEqualTo(first.version());
        assertThat(harness.world.effects()).endsWith("other");
    }

    @Test
    void aRunEndsOnItsVersionAlthoughTheClassHasChanged() throws Exception {
        harness.jar(JAR, JavaRouteClasses.Saga.class).start();
        String old = harness.begin("sync", "in", Map.of(World.DIE_AT, "1 after"));
        harness.world.awaitDeath(old);
        harness.jar(JAR, JavaRouteClasses.Edited.class).restart();

        harness.completed(old);

        assertThat(harness.world.effects()).containsExactly("reserve", "reserve", "pay");
    }

    @Test
    void aRunEndsAlthoughTheJarIsGone() throws Exception {
        harness.jar(JAR, JavaRouteClasses.Saga.class).start();
        String old = harness.begin("sync", "in", Map.of(World.DIE_AT, "1 after"));
        harness.world.awaitDeath(old);
        harness.delete(JAR);
        harness.restart();

        harness.completed(old);

        assertThat(harness.world.effects()).containsExactly("reserve", "reserve", "pay");
    }

    @Test
    void whatIsWrongWithOneClassKeepsNoOtherFromLoading() {
        harness.file("test/other.camel.yaml", RouteHarness.orchestration("other", "", "- setBody: {constant: b}\n"))
                .file("lib/broken.jar", "no jar")
                .jar(
                        JAR,
                        JavaRouteClasses.Closed.class,
                        JavaRouteClasses.Failing.class,
                        JavaRouteClasses.Saga.class,
                        JavaRouteClasses.Silent.class,
                        String.class)
                .load();

        assertThat(harness.problems())
                .extracting(Problem::file, Problem::what)
                .satisfiesExactlyInAnyOrder(
                        problem -> assertThat(problem.toList()).first().isEqualTo("lib/broken.jar"),
                        problem -> assertThat(problem.toList())
                                .containsExactly(
                                        path(JavaRouteClasses.Closed.class), "no object of the class can be made"),
                        problem -> assertThat(problem.toList())
                                .containsExactly(
                                        path(JavaRouteClasses.Failing.class),
                                        "the class fails when it is asked for its routes:"
                                                + " java.lang.IllegalArgumentException: no such shop"),
                        problem -> assertThat(problem.toList())
                                .containsExactly(path(JavaRouteClasses.Silent.class), "the class defines no route"),
                        problem -> assertThat(problem.toList())
                                .containsExactly(path(String.class), "the class is no RouteBuilder"));
        assertThat(harness.runtime().versions().names()).containsExactlyInAnyOrder("sync", "other");
    }

    @Test
    void aClassMayNotTakeTheNameOfAFile() {
        harness.sync("- setBody: {constant: file}\n")
                .jar(JAR, JavaRouteClasses.Edited.class)
                .load();

        assertThat(harness.problems())
                .allSatisfy(problem -> assertThat(problem.toString())
                        .startsWith(path(JavaRouteClasses.Edited.class))
                        .contains("is defined in test/sync.camel.yaml already"))
                .isNotEmpty();
        assertThat(harness.output(harness.run("in"))).isEqualTo("file");
    }

    @Test
    void twoClassesMayNotHaveOneName() {
        harness.jar(JAR, JavaRouteClasses.Saga.class, JavaRouteClasses.Edited.class)
                .load();

        assertThat(harness.problems())
                .isNotEmpty()
                .extracting(Problem::file)
                .containsOnly(path(JavaRouteClasses.Edited.class));
        assertThat(harness.runtime().versions().names()).containsExactly("sync");
    }

    @Test
    void aClassThatFailsServesAsItWasWhenItLastLoaded() throws Exception {
        harness.file("test/other.camel.yaml", RouteHarness.orchestration("other", "", "- setBody: {constant: b}\n"))
                .start();
        Path jar = RouteJar.write(harness.data().resolve("lib/late.jar"), JavaRouteClasses.Late.class);
        harness.runtime().loader().keepIn(harness.data());
        assertThat(apply(jar)).isEmpty();
        harness.die();
        harness.start();
        harness.runtime().loader().keepIn(harness.data());
        System.setProperty(JavaRouteClasses.Late.FAILS, "true");
        try {
            assertThat(apply(jar))
                    .extracting(Problem::what)
                    .singleElement()
                    .asString()
                    .contains("too late");
        } finally {
            System.clearProperty(JavaRouteClasses.Late.FAILS);
        }

        assertThat(harness.output(harness.completed(harness.begin("late", "in", Map.of()))))
                .isEqualTo("in time");
    }

    private List<Problem> apply(Path jar) {
        return RouteRuntime.check(
                        List.of(),
                        List.of(new RouteSource(harness.data(), jar)),
                        CheckSettings.DEFAULT,
                        SchemaPasses.NONE)
                .stream()
                .flatMap(checked -> harness.runtime().loader().apply(checked).stream())
                .toList();
    }

    @Test
    void classesOnTheClassPathAreNamedInTheSameWay(@TempDir Path classes) throws Exception {
        Path names = classes.resolve(RouteClasses.SERVICE);
        Files.createDirectories(names.getParent());
        Files.writeString(names, JavaRouteClasses.Edited.class.getName() + " # the only one\ncom.example.Nowhere\n");
        harness.file("test/other.camel.yaml", RouteHarness.orchestration("other", "", "- setBody: {constant: b}\n"));
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        try (URLClassLoader own = new URLClassLoader(new URL[] {classes.toUri().toURL()}, before)) {
            Thread.currentThread().setContextClassLoader(own);
            harness.load();
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }

        assertThat(harness.problems()).extracting(Problem::toString).containsExactly("""
                classpath!com.example.Nowhere:1:1: error: there is no such class. Correct its name in \
                META-INF/services/org.apache.camel.RoutesBuilder, or add the class.""");
        assertThat(harness.completed(harness.begin("in")).state()).isEqualTo(RunState.COMPLETED);
        assertThat(harness.world.effects()).containsExactly("other");
    }
}
