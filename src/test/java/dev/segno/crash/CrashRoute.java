package dev.segno.crash;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A route of {@code crash-routes}, and what its journal must hold in the end, for the input {@link #INPUT}.
 *
 * @param name its orchestration
 * @param parallel containers whose branches run at the same time
 * @param ordered whether a step's record is on disk before the next step begins
 * @param keys the step keys, in any order; {@code a|b} stands for one of the two
 */
record CrashRoute(String name, Set<String> parallel, boolean ordered, List<String> keys) {

    static final String DIRECTORY = "src/test/resources/crash-routes";

    /** What all of the routes are started with. */
    static final String INPUT = "{\"items\":[1,2,3]}";

    private static final int PARTS = 3;

    static final List<CrashRoute> ALL = List.of(
            route("split-in-order", "prepare", "finish").with(each("parts", PARTS, "work", "check")),
            route("split-parallel", "prepare", "finish")
                    .with(each("parts", PARTS, "work", "check"))
                    .parallel("parts"),
            route("split-streaming", "finish").with(each("parts", PARTS, "work")),
            route("split-streaming-parallel", "finish")
                    .with(each("parts", PARTS, "work"))
                    .parallel("parts"),
            route("split-nested", "finish")
                    .with(each("outer", PARTS, "open", "inner[0]/work", "inner[1]/work", "inner[2]/work"))
                    .parallel("inner"),
            route("loop-count", "finish").with(each("rounds", 5, "work")),
            route("loop-while", "finish").with(each("rounds", PARTS, "work", "check")),
            route("loop-in-split", "finish")
                    .with(each("parts", PARTS, "rounds[0]/work", "rounds[1]/work", "rounds[2]/work"))
                    .parallel("parts"),
            route(
                    "multicast-in-order",
                    "copies[0]/left/work",
                    "copies[0]/left/check",
                    "copies[1]/right/work",
                    "copies[2]/middle",
                    "finish"),
            route(
                            "multicast-parallel",
                            "copies[0]/left/work",
                            "copies[0]/left/check",
                            "copies[1]/right/work",
                            "copies[2]/middle",
                            "finish")
                    .parallel("copies"),
            route("recipients", "copies[0]/work", "copies[1]/work", "finish"),
            route("sub-route-twice", "before/work", "before/check", "between", "after/work", "after/check"),
            route("step-in-step", "outer", "outer/first", "outer/second", "finish"),
            route("several-calls", "work", "finish"),
            route("choice", "ask", "odd|even", "filtered", "finish"),
            route("do-try", "reserve", "book", "release", "tidy-up", "finish"),
            route("retries", "prepare", "finish")
                    .with(each("parts", PARTS, "work"))
                    .parallel("parts"),
            route("try-in-split", "finish")
                    .with(each("parts", PARTS, "book", "release"))
                    .parallel("parts"),
            route("large-bodies", "fetch", "store", "finish"),
            route("variables", "first", "second", "finish"),
            route("relaxed", "finish").with(each("rounds", 8, "work")).relaxed());

    private static CrashRoute route(String name, String... keys) {
        return new CrashRoute(name, Set.of(), true, List.of(keys));
    }

    private static List<String> each(String container, int count, String... keys) {
        List<String> all = new ArrayList<>();
        for (int index = 0; index < count; index++) {
            for (String key : keys) {
                all.add(container + '[' + index + "]/" + key);
            }
        }
        return all;
    }

    private CrashRoute with(List<String> more) {
        List<String> all = new ArrayList<>(keys);
        all.addAll(more);
        return new CrashRoute(name, parallel, ordered, List.copyOf(all));
    }

    private CrashRoute parallel(String container) {
        return new CrashRoute(name, Set.of(container), ordered, keys);
    }

    private CrashRoute relaxed() {
        return new CrashRoute(name, parallel, false, keys);
    }

    /** Whether a journal holds what it must: every key once, and no other. */
    boolean isJournal(List<String> journal) {
        return journal.size() == keys.size()
                && keys.stream()
                        .allMatch(wanted -> journal.stream()
                                        .filter(key ->
                                                List.of(wanted.split("\\|")).contains(key))
                                        .count()
                                == 1);
    }

    /** Whether two keys may be under way at the same time. */
    boolean atTheSameTime(String one, String other) {
        String[] ones = one.split("/");
        String[] others = other.split("/");
        for (int i = 0; i < Math.min(ones.length, others.length); i++) {
            if (!ones[i].equals(others[i])) {
                String container = ones[i].replaceFirst("\\[\\d+]$", "");
                return parallel.contains(container) && container.equals(others[i].replaceFirst("\\[\\d+]$", ""));
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return name;
    }
}
