package dev.segno.testkit;

import dev.segno.RouteLayout;
import dev.segno.camel.RouteRuntime;
import dev.segno.camel.yaml.CheckSettings;
import dev.segno.camel.yaml.CheckedRouteFile;
import dev.segno.camel.yaml.FoundRoute;
import dev.segno.camel.yaml.Problem;
import dev.segno.camel.yaml.RouteFile;
import dev.segno.camel.yaml.RouteFiles;
import dev.segno.camel.yaml.SchemaPasses;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The {@code *.test.yaml} files of some directories, read and checked together with the routes that they test. Each case runs
 * on a store and a Camel context of its own. Used by one thread.
 */
public final class TestSession implements AutoCloseable {

    private static final String SUFFIX = ".test.yaml";

    private final List<CheckedRouteFile> routes;
    private final List<File> files = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();
    private final Path scratch;
    private final Thread removal;
    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
    private int cases;

    /** A test file with its cases, in their order. */
    public record File(Path path, List<Case> cases) {}

    /** One case, ready to run. */
    public final class Case {
        private final TestCase test;

        private Case(TestCase test) {
            this.test = test;
        }

        public String name() {
            return test.name();
        }

        /** Where it begins in its file, from 1. */
        public int line() {
            return test.line();
        }

        /** Runs it, from an empty store. */
        public CaseResult run() {
            return TestSession.this.run(test);
        }
    }

    private TestSession(List<CheckedRouteFile> routes, Path scratch) {
        this.routes = routes;
        this.scratch = scratch;
        // The end of the process in the middle of a case must leave nothing behind either.
        removal = new Thread(() -> remove(scratch), "segno-test-removal");
        Runtime.getRuntime().addShutdownHook(removal);
    }

    /**
     * Reads and checks the routes and the test files of some directories.
     *
     * @param home directory of routes that come with Segno, for shared routes and kamelets
     * @throws dev.segno.control.SettingsException when a directory is none, or holds no routes
     */
    public static TestSession open(List<Path> directories, Path home) throws IOException {
        RouteLayout layout = RouteLayout.of(directories, home);
        List<CheckedRouteFile> routes =
                RouteRuntime.check(layout.routes(), layout.jars(), CheckSettings.DEFAULT, SchemaPasses.NONE);
        TestSession session = new TestSession(routes, Files.createTempDirectory("segno-test"));
        try {
            session.read(directories);
        } catch (IOException | RuntimeException e) {
            session.close();
            throw e;
        }
        return session;
    }

    private void read(List<Path> directories) throws IOException {
        routes.forEach(route -> problems.addAll(route.errors()));
        problems.addAll(RouteFiles.together(routes));
        Set<String> orchestrations = routes.stream()
                .map(CheckedRouteFile::file)
                .filter(Objects::nonNull)
                .map(RouteFile::orchestrations)
                .flatMap(List::stream)
                .map(FoundRoute::name)
                .collect(Collectors.toSet());
        Map<Path, Path> found = new LinkedHashMap<>();
        for (Path directory : directories) {
            try (Stream<Path> all = Files.walk(directory)) {
                all.filter(file -> file.getFileName().toString().endsWith(SUFFIX))
                        .sorted()
                        .forEach(file -> found.putIfAbsent(file.toAbsolutePath().normalize(), asSeen(file)));
            }
        }
        for (Path file : found.values()) {
            TestFileReader.Read read = TestFileReader.read(file, orchestrations);
            problems.addAll(read.problems());
            files.add(new File(file, read.cases().stream().map(Case::new).toList()));
        }
    }

    /** From the working directory, as whoever started the tests would write it. */
    private static Path asSeen(Path file) {
        Path here = Path.of("").toAbsolutePath();
        Path absolute = file.toAbsolutePath().normalize();
        return absolute.startsWith(here) ? here.relativize(absolute) : file;
    }

    /** What is wrong with route files and test files. With any of it no case may run. */
    public List<Problem> problems() {
        return List.copyOf(problems);
    }

    /** The test files in the order of their paths. */
    public List<File> files() {
        return List.copyOf(files);
    }

    /** Where the cases keep their stores. */
    Path scratch() {
        return scratch;
    }

    private CaseResult run(TestCase test) {
        if (!problems.isEmpty()) {
            throw new IllegalStateException("There are problems with the files: " + problems.get(0));
        }
        Path data = scratch.resolve(String.valueOf(++cases));
        try {
            return CaseRun.of(test, routes, vertx, data);
        } finally {
            remove(data);
        }
    }

    private static void remove(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The temporary directory " + directory + " could not be removed", e);
        }
    }

    /** Removes all that the cases left on disk. */
    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
        remove(scratch);
        Runtime.getRuntime().removeShutdownHook(removal);
    }
}
