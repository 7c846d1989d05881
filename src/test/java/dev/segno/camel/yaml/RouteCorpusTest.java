package dev.segno.camel.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each file of the corpus says in its first lines what is to be found in it, and nothing else may be:
 * {@code # expect LINE:COLUMN SEVERITY FRAGMENT}.
 */
class RouteCorpusTest {

    private static final List<RouteFile> KAMELETS = kamelets();

    private static final Pattern EXPECTATION = Pattern.compile("# expect (\\d+):(\\d+) (error|warning) (.*)");

    @ParameterizedTest(name = "{0}")
    @MethodSource("bad")
    void S5_S6_tellsWhatIsWrongAndWhere(String path) throws Exception {
        CheckedRouteFile checked = check("bad", path);

        assertFound(checked, expectations("bad", path));
        assertThat(checked.loadable()).isFalse();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("good")
    void findsNothingWrong(String path) throws Exception {
        CheckedRouteFile checked = check("good", path);

        assertFound(checked, expectations("good", path));
        assertThat(checked.loadable()).isTrue();
    }

    @Test
    void hasABadFileForEveryExpectation() throws Exception {
        for (String path : bad().toList()) {
            assertThat(expectations("bad", path)).as(path).isNotEmpty();
        }
        assertThat(bad().count()).isGreaterThan(120);
    }

    private record Expectation(int line, int column, String severity, String fragment) {}

    private static void assertFound(CheckedRouteFile checked, List<Expectation> expected) {
        List<String> all = checked.problems().stream().map(Problem::toString).toList();
        for (Expectation one : expected) {
            assertThat(all)
                    .anySatisfy(problem -> assertThat(problem)
                            .startsWith("%s:%d:%d: %s: "
                                    .formatted(checked.path(), one.line(), one.column(), one.severity()))
                            .contains(one.fragment()));
        }
        assertThat(all).hasSameSizeAs(expected);
    }

    /** By itself, and beside the kamelets that come with Segno. */
    private static CheckedRouteFile check(String corpus, String path) throws Exception {
        CheckedRouteFile checked =
                RouteFileChecker.check(path, Files.readString(root(corpus).resolve(path)), CheckSettings.DEFAULT);
        List<Problem> problems = new ArrayList<>(checked.problems());
        if (checked.file() != null) {
            problems.addAll(RouteFiles.beside(checked.file(), KAMELETS));
        }
        return new CheckedRouteFile(path, checked.file(), problems);
    }

    private static List<RouteFile> kamelets() {
        Path routes = Path.of("routes");
        try (Stream<Path> files = Files.list(routes.resolve("kamelets"))) {
            return files.map(file -> Objects.requireNonNull(RouteFileChecker.check(routes, file, CheckSettings.DEFAULT)
                            .file()))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Expectation> expectations(String corpus, String path) throws Exception {
        List<Expectation> found = new ArrayList<>();
        for (String line : Files.readAllLines(root(corpus).resolve(path))) {
            Matcher matcher = EXPECTATION.matcher(line);
            if (matcher.matches()) {
                found.add(new Expectation(
                        Integer.parseInt(matcher.group(1)),
                        Integer.parseInt(matcher.group(2)),
                        matcher.group(3),
                        matcher.group(4)));
            }
        }
        return found;
    }

    static Stream<String> bad() throws Exception {
        return paths("bad");
    }

    static Stream<String> good() throws Exception {
        return paths("good");
    }

    private static Stream<String> paths(String corpus) throws IOException, URISyntaxException {
        Path root = root(corpus);
        try (Stream<Path> files = Files.walk(root)) {
            return files
                    .filter(Files::isRegularFile)
                    .map(file -> root.relativize(file).toString())
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    static Path root(String corpus) throws URISyntaxException {
        return Path.of(Objects.requireNonNull(RouteCorpusTest.class.getResource("/routes/" + corpus))
                .toURI());
    }
}
