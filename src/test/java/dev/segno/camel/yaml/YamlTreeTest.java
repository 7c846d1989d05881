package dev.segno.camel.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class YamlTreeTest {

    @Test
    void knowsTheLineAndColumnOfEachNode() throws Exception {
        YamlTree tree = YamlTree.read("a.yaml", """
                # a comment
                - route:
                    id: order
                    from:
                      uri: "timer:x"
                """);

        YamlNode uri = Objects.requireNonNull(tree.root().at("/0/route/from/uri"));
        assertThat(uri.line()).isEqualTo(5);
        assertThat(uri.column()).isEqualTo(12);
        assertThat(uri.pointer()).isEqualTo("/0/route/from/uri");
        YamlMapping from = (YamlMapping) Objects.requireNonNull(tree.root().at("/0/route/from"));
        assertThat(Objects.requireNonNull(from.key("uri")).column()).isEqualTo(7);
        assertThat(tree.root().at("/0/route/to")).isNull();
        assertThat(tree.root().at("/1")).isNull();
    }

    @Test
    void escapesItsPointers() throws Exception {
        YamlTree tree = YamlTree.read("a.yaml", "a/b: {c~d: 1}");

        assertThat(Objects.requireNonNull(tree.root().at("/a~1b/c~0d")).pointer())
                .isEqualTo("/a~1b/c~0d");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '§',
            value = {
                "true|BOOLEAN|true",
                "True|BOOLEAN|true",
                "yes|STRING|\"yes\"",
                "on|STRING|\"on\"",
                "12|INTEGER|12",
                "+12|INTEGER|12",
                "012|INTEGER|12",
                "0x1F|INTEGER|31",
                "0o17|INTEGER|15",
                "1_000|STRING|\"1_000\"",
                "12:30|STRING|\"12:30\"",
                "1.10|DECIMAL|1.1",
                "1e3|DECIMAL|1000.0",
                ".inf|DECIMAL|\".inf\"",
                "~|NULL|null",
                "null|NULL|null",
                "'12'|STRING|\"12\"",
                "\"true\"|STRING|\"true\"",
                "2024-01-01|STRING|\"2024-01-01\""
            })
    void takesScalarsByYaml12(String source, YamlScalar.Kind kind, String json) throws Exception {
        YamlTree tree = YamlTree.read("a.yaml", "- " + source);

        YamlScalar scalar = (YamlScalar) ((YamlSequence) tree.root()).items().get(0);
        assertThat(scalar.kind()).isEqualTo(kind);
        assertThat(tree.toJson().get(0)).hasToString(json);
    }

    @Test
    void writesAliasesOutWithPathsOfTheirOwn() throws Exception {
        YamlTree tree = YamlTree.read("a.yaml", """
                one: &x
                  a: 1
                two: *x
                """);

        YamlNode copy = Objects.requireNonNull(tree.root().at("/two/a"));
        assertThat(copy.pointer()).isEqualTo("/two/a");
        assertThat(copy.line()).isEqualTo(2);
        assertThat(tree.canonical()).isEqualTo("{\"one\":{\"a\":1},\"two\":{\"a\":1}}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '§',
            value = {
                "[1.10, 1.1]|[1.10,1.1]",
                "[0x1F, '0x1F', +5]|[\"0x1F\",\"0x1F\",\"+5\"]",
                "[1, '1']|[1,\"1\"]",
                "[~, null, 'null']|[\"~\",null,\"null\"]",
                "[true, True]|[true,\"True\"]",
                "{b: 1, a: {}, c: []}|{\"a\":{},\"b\":1,\"c\":[]}",
                "[\"\\u00e4\\n\\\"\"]|[\"ä\\n\\\"\"]"
            })
    void hasACanonicalForm(String source, String canonical) throws Exception {
        assertThat(YamlTree.read("a.yaml", source).canonical()).isEqualTo(canonical);
    }

    @Test
    void leavesAByteOrderMarkOut() throws Exception {
        byte[] bytes = "\uFEFFa: 1".getBytes(StandardCharsets.UTF_8);

        String text = YamlTree.decode("a.yaml", bytes, YamlLimits.DEFAULT);

        assertThat(YamlTree.read("a.yaml", text).canonical()).isEqualTo("{\"a\":1}");
    }

    @Test
    void refusesWhatIsNotUtf8() {
        byte[] latin = "a: \u00e4".getBytes(StandardCharsets.ISO_8859_1);

        UnreadableYaml refused =
                catchThrowableOfType(UnreadableYaml.class, () -> YamlTree.decode("a.yaml", latin, YamlLimits.DEFAULT));

        assertThat(refused).hasMessage("a.yaml:1:1: error: the file is not UTF-8. Save it as UTF-8.");
    }
}
