package dev.segno.camel.yaml;

import org.jspecify.annotations.Nullable;

/**
 * A route as it stands in a file.
 *
 * @param id as written, or null where the file gives none
 * @param uri where it takes its exchanges from, with its options
 * @param definition what stands under {@code route:}; for the short form the same node as {@code from}
 * @param from what stands under {@code from:}
 * @param at the key {@code route} or {@code from} of the top level, for its place
 */
public record FoundRoute(
        Kind kind, @Nullable String id, CamelUri uri, YamlMapping definition, YamlMapping from, YamlScalar at) {

    /** What a route is to runs. */
    public enum Kind {
        /** The entry of a run: {@code from: orchestration:NAME}. */
        ORCHESTRATION,
        /** A part of its file: {@code from: direct:NAME}. */
        DIRECT,
        /** Any other consumer: it starts runs and is not part of one. */
        TRIGGER
    }

    /** The name behind {@code orchestration:} or {@code direct:}; for a trigger its endpoint's path. */
    public String name() {
        return uri.name();
    }

    /** The route's steps, or null where it has none. */
    public @Nullable YamlSequence steps() {
        return from.sequence("steps");
    }
}
