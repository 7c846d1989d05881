package dev.segno.cli;

import java.nio.file.Path;

/** Where the files are that come with the program. */
final class Home {

    /** System property that the launcher sets. */
    static final String PROPERTY = "segno.home";

    private Home() {}

    static Path directory() {
        return Path.of(System.getProperty(PROPERTY, "."));
    }

    static Path routes() {
        return directory().resolve("routes");
    }
}
