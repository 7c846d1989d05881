package dev.segno.crash;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A route of {@code crash-routes}, and how its runs may end, for the input {@link #INPUT}.
 *
 * @param name its orchestration
 * @param parallel containers whose branches run at the same time
 * @param ordered whether a step's record is on disk before the next step begins
 * @param endings how a run may end
 * @param waits what it waits for
 */
record CrashRoute(String name, Set<String> parallel, boolean ordered, List<Ending> endings, Waits waits) {

    static final String DIRECTORY = "src/test/resources/crash-routes";

    /** What all of the routes are started with. */
    static final String INPUT = "{\"items\":[1,2,3]}";

    private static final int PARTS = 3;

    /**
     * An end.
     *
     * @param state the state that it leaves
     * @param keys the keys of its journal, in any order; {@code a|b} stands for one of the two
     */
    record Ending(String state, List<String> keys) {}

    /**
     * What runs wait for.
     *
     * @param signals keys of the awaits that clients send signals to, in their order
     * @param children the orchestrations that steps start a child run of, by the step's key
     * @param pauses the times that pass between steps
     */
    record Waits(List<String> signals, Map<String, String> children, List<Pause> pauses) {
        static final Waits NONE = new Waits(List.of(), Map.of(), List.of());
    }

    /** Between the effects of two steps at least this time passes. */
    record Pause(String before, String after, long ms) {}

    /** Routes that no client starts, but runs do. */
    static final List<CrashRoute> CHILDREN = List.of(
            route("long-child", "work", "rest", "check").pause("work", "check", 2200),
            route("short-child", "work", "check"));

    /** Is undone whenever it runs. */
    static final CrashRoute UNDONE = new CrashRoute(
            "undone",
            Set.of(),
            true,
            List.of(new Ending(
                    "COMPENSATED",
                    Stream.of(
                                    List.of("trip/confirm"),
                                    each("trip/legs", 4, "booking/leg", "booking/book"),
                                    each("compensation/trip/legs", 4, "booking/leg", "booking/leg/unbook"))
                            .flatMap(List::stream)
                            .toList())),
            Waits.NONE);

    /** Routes that clients start. */
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
            route("relaxed", "finish").with(each("rounds", 8, "work")).relaxed(),
            route("signals", "ask", "first", "between", "second", "finish").signals("first", "second"),
            route("nap", "lie-down", "doze", "turn-over", "sleep", "get-up")
                    .pause("lie-down", "turn-over", 200)
                    .pause("turn-over", "get-up", 1500),
            route("time-out", "ask", "answer", "escalate").pause("ask", "escalate", 500),
            route("child-awaited", "prepare", "delegate", "finish").child("delegate", "long-child"),
            route("child-in-split", "finish")
                    .with(each("parts", PARTS, "delegate"))
                    .parallel("parts")
                    .child("parts[0]/delegate", "short-child")
                    .child("parts[1]/delegate", "short-child")
                    .child("parts[2]/delegate", "short-child"),
            route("child-sent-off", "send-off", "finish").child("send-off", "short-child"),
            route(
                            "saga",
                            "decide",
                            "trip/reserving/reservation",
                            "trip/reserving/reserve",
                            "trip/charging/payment",
                            "trip/charging/charge",
                            "trip/ship",
                            "finish")
                    .orElse(
                            "COMPENSATED",
                            "decide",
                            "trip/reserving/reservation",
                            "trip/reserving/reserve",
                            "trip/charging/payment",
                            "trip/charging/charge",
                            "trip/refuse",
                            "compensation/trip/charging/payment",
                            "compensation/trip/charging/payment/refund",
                            "compensation/trip/reserving/reservation",
                            "compensation/trip/reserving/reservation/release"),
            route("saga-in-try", "trip/confirm", "apologise", "finish")
                    .with(each("trip/legs", PARTS, "booking/leg", "booking/book"))
                    .with(each("compensation/trip/legs", PARTS, "booking/leg", "booking/leg/unbook")));

    private static CrashRoute route(String name, String... keys) {
        return new CrashRoute(name, Set.of(), true, List.of(new Ending("COMPLETED", List.of(keys))), Waits.NONE);
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
        List<String> all = new ArrayList<>(endings.get(0).keys());
        all.addAll(more);
        return new CrashRoute(name, parallel, ordered, List.of(new Ending("COMPLETED", all)), waits);
    }

    private CrashRoute orElse(String state, String... keys) {
        List<Ending> all = new ArrayList<>(endings);
        all.add(new Ending(state, List.of(keys)));
        return new CrashRoute(name, parallel, ordered, all, waits);
    }

    private CrashRoute parallel(String container) {
        return new CrashRoute(name, Set.of(container), ordered, endings, waits);
    }

    private CrashRoute relaxed() {
        return new CrashRoute(name, parallel, false, endings, waits);
    }

    private CrashRoute waiting(Waits more) {
        return new CrashRoute(name, parallel, ordered, endings, more);
    }

    private CrashRoute signals(String... awaits) {
        return waiting(new Waits(List.of(awaits), waits.children(), waits.pauses()));
    }

    private CrashRoute child(String step, String orchestration) {
        Map<String, String> children = new TreeMap<>(waits.children());
        children.put(step, orchestration);
        return waiting(new Waits(waits.signals(), children, waits.pauses()));
    }

    private CrashRoute pause(String before, String after, long ms) {
        List<Pause> pauses = new ArrayList<>(waits.pauses());
        pauses.add(new Pause(before, after, ms));
        return waiting(new Waits(waits.signals(), waits.children(), pauses));
    }

    /** The route of this name, started by clients or by runs. */
    static CrashRoute named(String name) {
        return Stream.of(ALL, CHILDREN, List.of(UNDONE))
                .flatMap(List::stream)
                .filter(route -> route.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("No crash route is named " + name));
    }

    /** Whether some of its runs undo what they have done. */
    boolean undoes() {
        return endings.stream()
                .flatMap(ending -> ending.keys().stream())
                .anyMatch(key -> key.startsWith("compensation/"));
    }

    /** Whether a run may end in this state. */
    boolean mayEndAs(String state) {
        return endings.stream().anyMatch(ending -> ending.state().equals(state));
    }

    /** Whether a run of this state has the journal that it must: every key once, and no other. */
    boolean isJournal(String state, List<String> journal) {
        return endings.stream()
                .filter(ending -> ending.state().equals(state))
                .anyMatch(ending -> isJournal(ending.keys(), journal));
    }

    private static boolean isJournal(List<String> keys, List<String> journal) {
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
