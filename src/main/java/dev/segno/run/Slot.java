package dev.segno.run;

import org.jspecify.annotations.Nullable;

/**
 * What a run needs to be under way: its place among the runs of its key.
 *
 * @param key      whose runs are counted together
 * @param priority those with a higher one begin first, and among equals those that were started first
 * @param limits   by which they are counted
 */
public record Slot(String key, int priority, Limits limits) {

    /**
     * The place that a run needs; null when the runs of its orchestration are not counted.
     *
     * @param headers as a JSON object; {@code null} for none
     * @throws InvalidStart when the input does not tell
     */
    static @Nullable Slot of(Orchestration orchestration, Payload input, @Nullable String headers) {
        Limits limits = orchestration.options().limits();
        if (!limits.areCounted()) {
            return null;
        }
        Orchestration.Place place = orchestration.place(input, headers);
        String key = place.key().isEmpty() ? orchestration.name() : orchestration.name() + "/" + place.key();
        return new Slot(key, place.priority(), limits);
    }
}
