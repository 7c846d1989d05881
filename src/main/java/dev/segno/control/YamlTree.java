package dev.segno.control;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * A YAML file as a plain tree of maps, lists and scalars. Nothing is instantiated from tags; duplicate keys, more than
 * 50 aliases of collections and files above 1 MiB are refused. Stateless, hence safe for concurrent use.
 */
public final class YamlTree {

    private static final int MAX_BYTES = 1 << 20;

    private YamlTree() {}

    /**
     * Reads a file whose top level is a mapping.
     *
     * @return the mapping, empty when the file holds nothing
     * @throws SettingsException when the file cannot be read or parsed; the message names file, line and column
     */
    public static Map<?, ?> read(Path file) {
        String text;
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new SettingsException(file + ": larger than 1 MiB");
            }
            text = Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new SettingsException(file + ": no such file", e);
        } catch (CharacterCodingException e) {
            throw new SettingsException(file + ": not UTF-8", e);
        } catch (IOException e) {
            throw new SettingsException(file + ": cannot be read (" + e.getMessage() + ")", e);
        }
        return parse(text, file.toString());
    }

    /** As {@link #read}, from text; {@code name} stands for the file in messages. */
    public static Map<?, ?> parse(String text, String name) {
        LoadSettings settings = LoadSettings.builder()
                .setLabel(name)
                .setAllowDuplicateKeys(false)
                .setMaxAliasesForCollections(50)
                .setCodePointLimit(MAX_BYTES)
                .build();
        @Nullable Object tree;
        try {
            tree = new Load(settings).loadFromString(text);
        } catch (MarkedYamlEngineException e) {
            String place = e.getProblemMark()
                    .map(mark -> ":" + (mark.getLine() + 1) + ":" + (mark.getColumn() + 1))
                    .orElse("");
            throw new SettingsException(name + place + ": " + oneLine(e.getProblem()), e);
        } catch (YamlEngineException e) {
            throw new SettingsException(name + ": " + oneLine(e.getMessage()), e);
        } catch (StackOverflowError e) {
            throw new SettingsException(name + ": nested too deeply");
        }
        if (tree == null) {
            return Map.of();
        }
        if (tree instanceof Map<?, ?> map) {
            return map;
        }
        throw new SettingsException(name + ":1:1: the top level must be a mapping of names to values");
    }

    private static String oneLine(@Nullable String message) {
        return message == null ? "not valid YAML" : message.replaceAll("\\s*\\R\\s*", " ");
    }
}
