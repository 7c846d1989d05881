package dev.segno.camel.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RouteDirectoryTest {

    private static final String GOOD = """
            - route:
                id: %1$s
                from:
                  uri: orchestration:%1$s
                  steps:
                    - log: x
            """;

    @TempDir
    Path folder;

    @Test
    void aBadFileHidesNoOther() throws Exception {
        write("routes/a/good.camel.yaml", GOOD.formatted("good"));
        write("routes/b/bad.camel.yaml", "- route: [");
        write("routes/c/worse.camel.yaml", "\0");
        write("routes/d/refused.camel.yaml", "- beans: [{name: a, type: b.C}]\n");
        write("routes/z/other.camel.yaml", GOOD.formatted("other"));

        RouteDirectory directory = RouteDirectory.read(folder.resolve("routes"), CheckSettings.DEFAULT);

        assertThat(directory.files()).hasSize(5);
        assertThat(directory.loadable())
                .extracting(RouteFile::path)
                .containsExactly("a/good.camel.yaml", "z/other.camel.yaml");
        assertThat(directory.allProblems())
                .extracting(Problem::file)
                .containsExactly("b/bad.camel.yaml", "c/worse.camel.yaml", "d/refused.camel.yaml");
    }

    @Test
    void tellsOfNamesThatTwoFilesDefine() throws Exception {
        write("routes/a/one.camel.yaml", GOOD.formatted("sync"));
        write("routes/b/two.camel.yaml", "\n" + GOOD.formatted("sync"));

        RouteDirectory directory = RouteDirectory.read(folder.resolve("routes"), CheckSettings.DEFAULT);

        assertThat(directory.problems())
                .extracting(Problem::toString)
                .containsExactly(
                        "b/two.camel.yaml:2:3: error: 'orchestration:sync' is defined in a/one.camel.yaml already."
                                + " Rename one of the two.",
                        "b/two.camel.yaml:2:3: error: the route id 'sync' is defined in a/one.camel.yaml already."
                                + " Rename one of the two.");
        assertThat(directory.loadable()).extracting(RouteFile::path).containsExactly("a/one.camel.yaml");
    }

    @Test
    void S7_readsNothingThroughALinkOutOfTheRoot() throws Exception {
        Path secret = write("outside/secret.camel.yaml", GOOD.formatted("secret"));
        write("routes/a/good.camel.yaml", GOOD.formatted("good"));
        Path routes = folder.resolve("routes");
        Files.createSymbolicLink(routes.resolve("a/linked.camel.yaml"), secret);
        Files.createSymbolicLink(routes.resolve("b"), folder.resolve("outside"));
        Files.createSymbolicLink(routes.resolve("a/dangling.camel.yaml"), folder.resolve("nowhere"));

        RouteDirectory directory = RouteDirectory.read(routes, CheckSettings.DEFAULT);

        assertThat(directory.loadable()).extracting(RouteFile::path).containsExactly("a/good.camel.yaml");
        assertThat(directory.allProblems())
                .extracting(Problem::toString)
                .containsExactly(
                        "a/dangling.camel.yaml:1:1: error: the file cannot be read: NoSuchFileException."
                                + " Check that it exists and its rights.",
                        "a/linked.camel.yaml:1:1: error: the file lies outside the routes' directory."
                                + " Put the file itself there, not a link.",
                        "b:1:1: error: a link to a folder is not followed."
                                + " Put the folder itself below the routes' folder.");
    }

    @Test
    void refusesAFileOutsideTheRoot() throws Exception {
        Path outside = write("outside/x.camel.yaml", GOOD.formatted("x"));
        write("routes/a/good.camel.yaml", GOOD.formatted("good"));

        CheckedRouteFile checked = RouteFileChecker.check(folder.resolve("routes"), outside, CheckSettings.DEFAULT);

        assertThat(checked.loadable()).isFalse();
        assertThat(checked.problems()).singleElement().asString().contains("outside the routes' directory");
    }

    @Test
    void leavesOpenApiDocumentsToOthersAndTellsOfFilesThatLookLikeRoutes() throws Exception {
        write("routes/a/openapi.yaml", "openapi: 3.0.3");
        write("routes/a/sync.yaml", GOOD.formatted("sync"));
        write("routes/a/readme.md", "# x");
        write("routes/a/sync.test.yaml", "tests: []");
        write("routes/a/v1.2.camel.yaml", GOOD.formatted("dotted"));
        write("routes/a/x.kamelet.yaml", "kind: Kamelet");
        write("routes/a/sp ace.camel.yaml", GOOD.formatted("space"));

        RouteDirectory directory = RouteDirectory.read(folder.resolve("routes"), CheckSettings.DEFAULT);

        assertThat(directory.problems())
                .extracting(Problem::toString)
                .containsExactly(
                        "a/sp ace.camel.yaml:1:1: error: 'sp ace.camel.yaml' cannot be the name of a route file or"
                                + " its folder. Use letters, digits, '.', '_' and '-'.",
                        "a/sync.yaml:1:1: warning: this file is not loaded: its name does not end in .camel.yaml."
                                + " Rename it if it holds routes.",
                        "a/v1.2.camel.yaml:1:1: error: 'v1.2.camel.yaml' has a dot too many: Camel takes what is"
                                + " behind the first for the kind of file. Use '-' instead of it.",
                        "a/x.kamelet.yaml:1:1: error: Camel finds kamelets in routes/kamelets only."
                                + " Move the file there.");
        assertThat(directory.loadable()).isEmpty();
    }

    @Test
    void needsADirectory() {
        assertThatThrownBy(() -> RouteDirectory.read(folder.resolve("none"), CheckSettings.DEFAULT))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is no directory");
    }

    @Test
    void letsFilesNameOthersOfTheirOwnRoot() throws Exception {
        Path root = folder.resolve("my-routes");
        write("my-routes/a/reads.camel.yaml", """
                - rest:
                    openApi:
                      specification: file:%s/a/openapi.yaml
                """.formatted(root));

        assertThat(RouteDirectory.read(root, CheckSettings.DEFAULT).allProblems())
                .isEmpty();
    }

    private Path write(String path, String text) throws IOException {
        Path file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }
}
