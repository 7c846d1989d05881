package dev.segno.camel.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FilesOnDiskTest {

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
    void tellsOfNamesThatTwoFilesDefine() throws Exception {
        CheckedRouteFile one = check("a/one.camel.yaml", GOOD.formatted("sync"));
        CheckedRouteFile two = check("b/two.camel.yaml", "\n" + GOOD.formatted("sync"));

        assertThat(RouteFiles.together(List.of(one, two)))
                .extracting(Problem::toString)
                .containsExactly(
                        "b/two.camel.yaml:2:3: error: 'orchestration:sync' is defined in a/one.camel.yaml already."
                                + " Rename one of the two.",
                        "b/two.camel.yaml:2:3: error: the route id 'sync' is defined in a/one.camel.yaml already."
                                + " Rename one of the two.");
    }

    @Test
    void findsTheKameletOfACallWhereverItStandsAmongTheFiles() throws Exception {
        CheckedRouteFile caller = check(
                "a/one.camel.yaml",
                GOOD.formatted("one")
                        .replace("- log: x", "- step: {id: tell, steps: [{to: 'kamelet:tell?whom=me&wen=now'}]}"));
        CheckedRouteFile kamelet = check("kamelets/tell.kamelet.yaml", """
                apiVersion: camel.apache.org/v1
                kind: Kamelet
                metadata:
                  name: tell
                spec:
                  definition:
                    properties:
                      whom: {type: string}
                      when: {type: string}
                  template:
                    from:
                      uri: kamelet:source
                      steps:
                        - log: "{{whom}} {{?when}}"
                """);

        assertThat(RouteFiles.together(List.of(caller, kamelet)))
                .extracting(Problem::what)
                .containsExactly("'kamelet:tell' has no option 'wen'");
        assertThat(RouteFiles.beside(file(caller), List.of()))
                .extracting(Problem::what)
                .containsExactly("there is no kamelet 'tell'");
    }

    @Test
    void S7_readsNothingThroughALinkOutOfTheRoot() throws Exception {
        Path secret = write("outside/secret.camel.yaml", GOOD.formatted("secret"));
        write("routes/a/good.camel.yaml", GOOD.formatted("good"));
        Path linked = Files.createSymbolicLink(folder.resolve("routes/a/linked.camel.yaml"), secret);
        Path dangling =
                Files.createSymbolicLink(folder.resolve("routes/a/dangling.camel.yaml"), folder.resolve("nowhere"));

        assertThat(onDisk(linked).file()).isNull();
        assertThat(onDisk(linked).problems())
                .extracting(Problem::toString)
                .containsExactly("a/linked.camel.yaml:1:1: error: the file lies outside the routes' directory."
                        + " Put the file itself there, not a link.");
        assertThat(onDisk(dangling).problems())
                .extracting(Problem::toString)
                .containsExactly("a/dangling.camel.yaml:1:1: error: the file cannot be read: NoSuchFileException."
                        + " Check that it exists and its rights.");
    }

    @Test
    void refusesAFileOutsideTheRoot() throws Exception {
        Path outside = write("outside/x.camel.yaml", GOOD.formatted("x"));
        write("routes/a/good.camel.yaml", GOOD.formatted("good"));

        CheckedRouteFile checked = onDisk(outside);

        assertThat(checked.loadable()).isFalse();
        assertThat(checked.problems()).singleElement().asString().contains("outside the routes' directory");
    }

    @Test
    void refusesNamesThatCamelOrAUriWouldMisread() throws Exception {
        assertThat(check("a/v1.2.camel.yaml", GOOD.formatted("dotted")).problems())
                .extracting(Problem::toString)
                .containsExactly("a/v1.2.camel.yaml:1:1: error: 'v1.2.camel.yaml' has a dot too many: Camel takes what"
                        + " is behind the first for the kind of file. Use '-' instead of it.");
        assertThat(check("a/sp ace.camel.yaml", GOOD.formatted("space")).problems())
                .extracting(Problem::toString)
                .containsExactly(
                        "a/sp ace.camel.yaml:1:1: error: 'sp ace.camel.yaml' cannot be the name of a route file"
                                + " or its folder. Use letters, digits, '.', '_' and '-'.");
        assertThat(check("a/x.kamelet.yaml", "kind: Kamelet").problems())
                .extracting(Problem::toString)
                .contains("a/x.kamelet.yaml:1:1: error: Camel finds kamelets in routes/kamelets only."
                        + " Move the file there.");
    }

    @Test
    void aTextThatWasInUseIsNotGivenUpForItsNameOrForAnOptionThatIsLeftAside() {
        String text =
                GOOD.formatted("daily").replace("- log: x", "- to: 'orchestration:other?mode=async&singleton=true'");
        assertThat(RouteFileChecker.check("Daily Report.camel.yaml", text, CheckSettings.DEFAULT)
                        .errors())
                .hasSize(2);

        assertThat(RouteFileChecker.checkKept("Daily Report.camel.yaml", text, CheckSettings.DEFAULT)
                        .errors())
                .isEmpty();
    }

    @Test
    void letsFilesNameOthersOfTheirOwnRoot() throws Exception {
        Path root = folder.resolve("my-routes");
        Path reads = write("my-routes/a/reads.camel.yaml", """
                - rest:
                    openApi:
                      specification: file:%s/a/openapi.yaml
                """.formatted(root));

        assertThat(RouteFileChecker.check(root, reads, CheckSettings.DEFAULT).problems())
                .isEmpty();
    }

    private static CheckedRouteFile check(String path, String text) {
        return RouteFileChecker.check(path, text, CheckSettings.DEFAULT);
    }

    private CheckedRouteFile onDisk(Path file) {
        return RouteFileChecker.check(folder.resolve("routes"), file, CheckSettings.DEFAULT);
    }

    private static RouteFile file(CheckedRouteFile checked) {
        return Objects.requireNonNull(checked.file());
    }

    private Path write(String path, String text) throws IOException {
        Path file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }
}
