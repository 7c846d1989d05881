package dev.segno.camel.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * A YAML document as a tree. Reading one creates nothing but nodes, whatever the text says. Immutable.
 *
 * @param file the name that its problems carry
 */
public record YamlTree(String file, YamlNode root) {

    /**
     * Reads one document.
     *
     * @param file the name that problems carry
     * @throws UnreadableYaml if the text is no YAML 1.2, has keys twice, tags, more than one document, or exceeds the
     *     limits
     */
    public static YamlTree read(String file, String text, YamlLimits limits) throws UnreadableYaml {
        // A text has at least as many bytes as characters: no need to encode a huge one to see that it is too long.
        if (text.length() > limits.maxBytes() || text.getBytes(StandardCharsets.UTF_8).length > limits.maxBytes()) {
            throw tooLarge(file, limits);
        }
        refuseLongLines(file, text, limits);
        return new YamlTree(file, new YamlParser(file, limits).parse(text));
    }

    /** As {@link #read(String, String, YamlLimits)} with the default limits. */
    public static YamlTree read(String file, String text) throws UnreadableYaml {
        return read(file, text, YamlLimits.DEFAULT);
    }

    /**
     * The text of a file's bytes, without a byte order mark.
     *
     * @throws UnreadableYaml if the bytes are no UTF-8 or too many
     */
    public static String decode(String file, byte[] bytes, YamlLimits limits) throws UnreadableYaml {
        if (bytes.length > limits.maxBytes()) {
            throw tooLarge(file, limits);
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw new UnreadableYaml(Problem.error(file, "the file is not UTF-8", "Save it as UTF-8"));
        }
    }

    /** The tree as JSON, numbers and truth values by YAML 1.2's core schema. */
    public JsonNode toJson() {
        return JsonForm.of(root);
    }

    /**
     * The tree as canonical JSON: keys sorted, no comments, no layout. Two texts with the same canonical form mean the
     * same to Camel, so this is what a version's hash is made of.
     */
    public String canonical() {
        return CanonicalForm.of(root);
    }

    private static void refuseLongLines(String file, String text, YamlLimits limits) throws UnreadableYaml {
        int line = 1;
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '\n') {
                line++;
                start = i + 1;
            } else if (i - start >= limits.maxLine()) {
                throw new UnreadableYaml(new Problem(
                        Problem.Severity.ERROR,
                        file,
                        line,
                        limits.maxLine() + 1,
                        "a line longer than %,d characters".formatted(limits.maxLine()),
                        "Break it, or write the text as a block that begins with '>'"));
            }
        }
    }

    private static UnreadableYaml tooLarge(String file, YamlLimits limits) {
        return new UnreadableYaml(Problem.error(
                file,
                "the file is larger than %,d bytes".formatted(limits.maxBytes()),
                "Split it: one orchestration per file"));
    }
}
