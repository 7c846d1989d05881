package dev.segno.camel.javadsl;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/** Makes jars of classes of the tests. */
public final class RouteJar {

    private RouteJar() {}

    /** Writes a jar that holds classes of routes and names them. */
    public static Path write(Path file, Class<?>... classes) throws IOException {
        return write(file, Stream.of(classes).map(Class::getName).toList(), classes);
    }

    /** Writes a jar that holds some classes and names others. */
    public static Path write(Path file, List<String> names, Class<?>... classes) throws IOException {
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        try (OutputStream out = Files.newOutputStream(file);
                JarOutputStream jar = new JarOutputStream(out)) {
            for (Class<?> type : classes) {
                String path = type.getName().replace('.', '/') + ".class";
                jar.putNextEntry(new JarEntry(path));
                try (InputStream in = RouteJar.class.getResourceAsStream('/' + path)) {
                    Objects.requireNonNull(in).transferTo(jar);
                }
            }
            if (!names.isEmpty()) {
                jar.putNextEntry(new JarEntry(RouteClasses.SERVICE));
                jar.write(("# routes\n" + String.join("\n", names)).getBytes(StandardCharsets.UTF_8));
            }
        }
        return file;
    }
}
