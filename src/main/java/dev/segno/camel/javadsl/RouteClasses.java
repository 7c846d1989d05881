package dev.segno.camel.javadsl;

import dev.segno.camel.yaml.CheckSettings;
import dev.segno.camel.yaml.CheckedRouteFile;
import dev.segno.camel.yaml.Problem;
import dev.segno.camel.yaml.RouteFileChecker;
import dev.segno.camel.yaml.SchemaPasses;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.apache.camel.builder.RouteBuilder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the classes of the Java DSL that a node is to load. They are named as Java names services: in the file
 * {@value #SERVICE} of a jar in {@code lib/}, or of anything on the class path, one class to a line.
 */
public final class RouteClasses {

    /** Where the classes are named. */
    public static final String SERVICE = "META-INF/services/org.apache.camel.RoutesBuilder";

    private static final Logger LOG = LoggerFactory.getLogger(RouteClasses.class);

    /** Divides where a class is from its name. */
    private static final char IN = '!';

    private final ClassLoader classPath;
    private final CheckSettings settings;
    private final SchemaPasses passes;
    private final List<CheckedRouteFile> files = new ArrayList<>();
    private @Nullable YamlShape shape;

    private RouteClasses(ClassLoader classPath, CheckSettings settings, SchemaPasses passes) {
        this.classPath = classPath;
        this.settings = settings;
        this.passes = passes;
    }

    /**
     * A jar.
     *
     * @param root directory that its path is relative to
     * @param file the jar itself
     */
    public record Jar(Path root, Path file) {}

    /**
     * Reads and checks all classes that jars and the class path name. The jars of one directory see each other's classes.
     *
     * @param classPath where other classes are
     * @return a file for each class, and one with a problem for a jar that cannot be used
     */
    public static List<CheckedRouteFile> check(
            List<Jar> jars, ClassLoader classPath, CheckSettings settings, SchemaPasses passes) {
        RouteClasses classes = new RouteClasses(classPath, settings, passes);
        classes.readClassPath();
        Map<Path, List<Jar>> directories = new LinkedHashMap<>();
        jars.forEach(jar -> directories
                .computeIfAbsent(jar.file().toAbsolutePath().getParent(), key -> new ArrayList<>())
                .add(jar));
        directories.values().forEach(classes::readDirectory);
        return classes.files;
    }

    private void readClassPath() {
        try {
            for (URL names : Collections.list(classPath.getResources(SERVICE))) {
                try (InputStream in = names.openStream()) {
                    names(in).forEach(name -> read("classpath" + IN + name, name, classPath));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The class path cannot be read", e);
        }
    }

    private void readDirectory(List<Jar> jars) {
        Map<Jar, List<String>> named = new LinkedHashMap<>();
        for (Jar jar : jars) {
            try (JarFile file = new JarFile(jar.file().toFile())) {
                JarEntry entry = file.getJarEntry(SERVICE);
                if (entry == null) {
                    LOG.info("{} names no routes in {}: it is there for the jars beside it", jar.file(), SERVICE);
                    named.put(jar, List.of());
                } else {
                    try (InputStream in = file.getInputStream(entry)) {
                        named.put(jar, names(in));
                    }
                }
            } catch (IOException | SecurityException e) {
                fail(path(jar), "this cannot be read as a jar: " + e.getMessage(), "Build it again, or remove it");
            }
        }
        if (!named.isEmpty() && named.values().stream().allMatch(List::isEmpty)) {
            named.keySet()
                    .forEach(jar -> fail(
                            path(jar),
                            "neither this jar nor one beside it names a class of routes",
                            "List its RouteBuilder classes, one to a line, in the file " + SERVICE + " of the jar"));
            return;
        }
        URL[] places = named.keySet().stream().map(RouteClasses::url).toArray(URL[]::new);
        // Nothing of a class is needed once it has said what its routes are.
        try (URLClassLoader loader = new URLClassLoader("routes", places, classPath)) {
            named.forEach((jar, names) -> names.forEach(name -> read(path(jar) + IN + name, name, loader)));
        } catch (IOException e) {
            LOG.debug("The jars of routes could not be closed", e);
        }
    }

    private static List<String> names(InputStream in) throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .map(line -> line.replaceFirst("#.*", "").strip())
                .filter(line -> !line.isEmpty())
                .distinct()
                .toList();
    }

    private static URL url(Jar jar) {
        try {
            return jar.file().toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String path(Jar jar) {
        return RouteFileChecker.relative(jar.root(), jar.file());
    }

    private void read(String path, String name, ClassLoader loader) {
        try {
            Class<?> type = Class.forName(name, true, loader);
            if (!RouteBuilder.class.isAssignableFrom(type)) {
                fail(path, "the class is no RouteBuilder", "Extend " + RouteBuilder.class.getName());
                return;
            }
            RouteBuilder builder = (RouteBuilder) type.getConstructor().newInstance();
            YamlShape known = shape == null ? YamlShape.load() : shape;
            shape = known;
            files.add(new RouteClassReader(known, settings, passes).read(path, builder));
        } catch (ClassNotFoundException e) {
            fail(path, "there is no such class", "Correct its name in " + SERVICE + ", or add the class");
        } catch (NoSuchMethodException | InstantiationException | IllegalAccessException e) {
            fail(
                    path,
                    "no object of the class can be made",
                    "Make it public and not abstract, with a public constructor without parameters");
        } catch (InvocationTargetException | LinkageError e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            fail(path, "the class cannot be used: " + cause, "Correct it, and put what it needs beside its jar");
        }
    }

    private void fail(String path, String what, String advice) {
        files.add(new CheckedRouteFile(path, null, List.of(Problem.error(path, what, advice))));
    }
}
