package dev.segno.camel.yaml;

import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers which texts have the schema's shape, so that a start does not check again what has not changed: the schema
 * and its validator are a large part of a start's time. Only good news is kept, by the hash of path and text, and only
 * while schema, validator and this program are the same files. The policy and all else is checked every time.
 *
 * <p>Thread-safe.
 */
public final class SchemaPasses {

    /** Remembers nothing. */
    public static final SchemaPasses NONE = new SchemaPasses(null, "", Set.of());

    private static final Logger LOG = LoggerFactory.getLogger(SchemaPasses.class);
    private static final String FILE = "checked-routes";

    /** The jars of this program, of the schema and of the validator: what they hold decides what passes. */
    private static final List<String> CHECKERS = List.of(
            "/dev/segno/camel/yaml/SchemaPasses.class",
            "/schema/camelYamlDsl.json",
            "/com/networknt/schema/JsonSchema.class");

    private final @Nullable Path file;
    private final String checker;
    private final Set<String> before;
    private final Set<String> passed = ConcurrentHashMap.newKeySet();

    private SchemaPasses(@Nullable Path file, String checker, Set<String> before) {
        this.file = file;
        this.checker = checker;
        this.before = before;
    }

    /** What a directory remembers. Nothing if it cannot be read, or if the program does not run from its jars. */
    public static SchemaPasses in(Path directory) {
        try {
            StringBuilder checker = new StringBuilder();
            for (String resource : CHECKERS) {
                Path jar = jarOf(resource);
                if (jar == null) {
                    return NONE;
                }
                checker.append(jar.getFileName()).append(' ').append(Files.size(jar));
                checker.append(' ')
                        .append(Files.getLastModifiedTime(jar).toMillis())
                        .append(' ');
            }
            return in(directory, checker.toString());
        } catch (IOException e) {
            LOG.debug("What passed before in {} is of no use; all routes are checked", directory, e);
            return NONE;
        }
    }

    /** @param checker tells one checker from another */
    static SchemaPasses in(Path directory, String checker) throws IOException {
        Path file = directory.resolve(FILE);
        List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
        boolean same = !lines.isEmpty() && lines.get(0).equals(checker);
        return new SchemaPasses(file, checker, same ? Set.copyOf(lines.subList(1, lines.size())) : Set.of());
    }

    private static @Nullable Path jarOf(String resource) throws IOException {
        URL url = SchemaPasses.class.getResource(resource);
        try {
            return url != null && url.openConnection() instanceof JarURLConnection jar
                    ? Path.of(jar.getJarFileURL().toURI())
                    : null;
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
    }

    /** Whether a file passed at an earlier start. */
    boolean contains(RouteFile route) {
        String hash = hash(route);
        if (!before.contains(hash)) {
            return false;
        }
        passed.add(hash);
        return true;
    }

    void add(RouteFile route) {
        passed.add(hash(route));
    }

    /** Keeps what has passed this time and forgets the rest. What cannot be written is checked again next time. */
    public void save() {
        if (file == null || before.equals(passed)) {
            return;
        }
        List<String> lines = new ArrayList<>(List.of(checker));
        passed.stream().sorted().forEach(lines::add);
        Path next = file.resolveSibling(FILE + ".new");
        try {
            Files.write(next, lines);
            Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            LOG.debug("{} cannot be written", file, e);
        }
    }

    private static String hash(RouteFile route) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(route.path().getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
            return HexFormat.of().formatHex(digest.digest(route.text().getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }
}
