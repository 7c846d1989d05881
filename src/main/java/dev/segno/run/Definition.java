package dev.segno.run;

import java.time.Instant;

/**
 * The source of one version, kept as long as runs need it.
 *
 * @param orchestration its name
 * @param version       hash of the file's canonical content and its settings
 * @param path          file below the routes' directory that it was read from, with {@code /} between folders
 * @param source        text of the file
 * @param settings      values that its placeholders resolve to, as a JSON object; secrets are not among them
 * @param loadedAt      when the version was first seen
 */
public record Definition(
        String orchestration, String version, String path, String source, String settings, Instant loadedAt) {}
