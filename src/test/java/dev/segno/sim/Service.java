package dev.segno.sim;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The service that steps call, behind a network that loses answers. It outlives the processes that call it, and notes what it
 * was asked, and what it did, under which key.
 */
final class Service {

    /** Calls of a step that fail at most, before one succeeds, unless it fails for good. */
    static final int MOST_FAILURES = 5;

    private static final int MOST_LOST = 2;

    /**
     * A call.
     *
     * @param isTriedAgain whether its step is tried again when it fails, so that the network may lose it
     */
    record Request(String run, String path, long body, Part.Fate fate, boolean isTriedAgain) {}

    /** What the caller hears. */
    sealed interface Answer {}

    record Answered(long body) implements Answer {}

    /** It may work another time. */
    record Down() implements Answer {}

    /** It does not work until somebody has repaired it. */
    record Broken() implements Answer {}

    /** What the service knows of a key. */
    static final class Calls {
        final long body;
        int asked;
        int done;
        long firstAsked;
        long lastAsked;
        private int failed;
        private int lost;

        Calls(long body) {
            this.body = body;
        }
    }

    private record Flight(Request request, String key, Consumer<Answer> caller) {}

    private final Trace trace;
    private final Faults faults;
    private final Random random;

    /** Whether a step of a run must not be executed any more. */
    private final BiPredicate<String, String> isOver;

    private final Map<String, Calls> calls = new LinkedHashMap<>();
    private final List<Flight> flights = new ArrayList<>();
    private final Set<String> repaired = new HashSet<>();
    private long sequence;

    Service(Trace trace, Faults faults, Random random, BiPredicate<String, String> isOver) {
        this.trace = trace;
        this.faults = faults;
        this.random = random;
        this.isOver = isOver;
    }

    /** A call arrives; it is answered when the world wants it to be. */
    void ask(Request request, Consumer<Answer> caller) {
        String place = request.run() + '/' + request.path();
        Calls before = calls.get(place);
        String key = faults.idempotencyKey(request.run(), request.path(), before == null ? 0 : before.asked);
        trace.add("asked " + key + " with " + request.body());
        if (isOver.test(request.run(), request.path())) {
            trace.violated(place + " is asked again behind its record, or behind a cancel that was answered");
        }
        if (flights.stream().anyMatch(flight -> flight.key().equals(key))) {
            trace.violated(place + " is asked twice at the same time");
        }
        Calls known = calls.computeIfAbsent(key, it -> new Calls(request.body()));
        if (known.body != request.body()) {
            trace.violated(place + " is asked with " + request.body() + ", and was with " + known.body + " before");
        }
        known.asked++;
        known.lastAsked = ++sequence;
        known.firstAsked = known.asked == 1 ? sequence : known.firstAsked;
        flights.add(new Flight(request, key, caller));
    }

    int inFlight() {
        return flights.size();
    }

    /** Answers one of the calls. */
    void answer() {
        Flight flight = flights.remove(random.nextInt(flights.size()));
        Answer answer = work(flight);
        trace.add("answered " + flight.key() + " " + answer);
        flight.caller().accept(answer);
    }

    private Answer work(Flight flight) {
        Request request = flight.request();
        Calls known = known(flight);
        if (request.fate().forGood() && !repaired.contains(request.run() + '/' + request.path())) {
            return new Broken();
        }
        if (known.failed < request.fate().failures()) {
            known.failed++;
            return new Down();
        }
        boolean isLost = request.isTriedAgain() && known.lost < MOST_LOST && random.nextInt(8) == 0;
        if (isLost) {
            known.lost++;
            known.done += random.nextInt(2);
            return new Down();
        }
        known.done++;
        return new Answered(Values.mix(request.body(), request.path()));
    }

    private Calls known(Flight flight) {
        Calls known = calls.get(flight.key());
        if (known == null) {
            throw new AssertionError(flight.key());
        }
        return known;
    }

    /** The process that asked is gone; some of its calls arrive all the same. */
    void forgetCallers() {
        for (Flight flight : List.copyOf(flights)) {
            if (random.nextBoolean()) {
                trace.add("nobody hears the answer to " + flight.key() + " " + work(flight));
            }
        }
        flights.clear();
    }

    /** Somebody repairs what a step needs; whether it was broken. */
    boolean repair(String run, String path) {
        return repaired.add(run + '/' + path);
    }

    /** What it knows of a step. */
    @Nullable
    Calls of(String run, String path) {
        return calls.get(run + '/' + path);
    }

    /** Paths of the steps of a run that have called. */
    List<String> calledBy(String run) {
        return calls.keySet().stream()
                .filter(key -> key.startsWith(run + '/'))
                .map(key -> key.substring(run.length() + 1))
                .toList();
    }
}
