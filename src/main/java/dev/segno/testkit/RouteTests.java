package dev.segno.testkit;

import dev.segno.camel.yaml.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;

/**
 * {@code *.test.yaml} files as JUnit tests: one for each case, in a container for each file. To be returned from a method
 * with {@code @TestFactory}, which also closes what the tests use.
 *
 * <pre>{@code
 * @TestFactory
 * Stream<DynamicNode> routes() {
 *     return RouteTests.in(Path.of("routes"));
 * }
 * }</pre>
 *
 * <p>The tests of one stream run one after another.
 */
public final class RouteTests {

    private static final String HOME = "segno.home";

    private RouteTests() {}

    /**
     * The cases of some directories of routes. Kamelets and shared routes that stand beside none of them are those of
     * {@code routes} in the directory of the system property {@code segno.home}, or else in the working directory.
     *
     * @throws AssertionError when a route file or a test file is wrong, with line, column and advice; or when there are no
     *                        test files
     * @throws dev.segno.control.SettingsException when a directory is none, or holds no routes
     */
    public static Stream<DynamicNode> in(Path... directories) {
        Path home = Path.of(System.getProperty(HOME, ".")).resolve("routes");
        TestSession session;
        try {
            session = TestSession.open(List.of(directories), home.normalize());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<Problem> problems = session.problems();
        if (!problems.isEmpty() || session.files().isEmpty()) {
            session.close();
            throw new AssertionError(
                    problems.isEmpty()
                            ? "There are no files *.test.yaml in " + List.of(directories)
                            : problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
        }
        return session.files().stream().<DynamicNode>map(RouteTests::container).onClose(session::close);
    }

    private static DynamicContainer container(TestSession.File file) {
        URI source = file.path().toUri();
        return DynamicContainer.dynamicContainer(
                file.path().toString(),
                source,
                file.cases().stream()
                        .map(one -> DynamicTest.dynamicTest(
                                one.name(), URI.create(source + "?line=" + one.line()), () -> check(one))));
    }

    private static void check(TestSession.Case one) {
        CaseResult result = one.run();
        if (!result.passed()) {
            throw new AssertionError(String.join("\n", result.report()));
        }
    }
}
