package dev.segno.crash;

import com.fasterxml.jackson.databind.JsonNode;
import dev.segno.spec.JsonClient;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** The comparison behind a {@link Verdict}. */
final class Comparison {
    private static final String COMPENSATION = "compensation/";

    private final JsonClient server;
    private final Workload workload;
    private final Map<String, List<Effect>> effectsByRun;
    private final Map<String, List<Workload.Sighting>> sightingsByRun;
    private final List<String> lost = new ArrayList<>();
    private final List<String> doubles = new ArrayList<>();
    private int repeated;
    private int undone;

    Comparison(JsonClient server, Workload workload, List<Effect> effects) {
        this.server = server;
        this.workload = workload;
        this.effectsByRun = effects.stream().collect(Collectors.groupingBy(Effect::run));
        this.sightingsByRun = workload.sightings().stream().collect(Collectors.groupingBy(Workload.Sighting::runId));
    }

    void compare() throws Exception {
        Collection<Workload.Started> started = workload.started();
        Set<String> unknown = allRuns();
        Set<String> ids = started.stream().map(Workload.Started::runId).collect(Collectors.toSet());
        if (ids.size() != started.size()) {
            doubles.add("Two start keys have the same run");
        }
        ids.stream().filter(id -> !unknown.remove(id)).forEach(id -> lost.add("run " + id + " is not listed"));
        Map<String, List<JsonNode>> children = new HashMap<>();
        for (String id : unknown) {
            JsonNode run = server.get("/api/runs/" + id).body();
            String parent = run.path("parent").path("run").asText();
            children.computeIfAbsent(parent, none -> new ArrayList<>()).add(run);
        }
        Set<String> known = new HashSet<>(ids);
        for (Workload.Started run : started) {
            if (!workload.start(run.route(), run.startKey()).equals(run.runId())) {
                doubles.add("start key " + run.startKey() + " has another run than before");
            }
            compare(run);
            for (Workload.Started child : children(run, children.getOrDefault(run.runId(), List.of()))) {
                known.add(child.runId());
                compare(child);
            }
        }
        unknown.stream()
                .filter(id -> !known.contains(id))
                .forEach(id -> doubles.add("run " + id + " has no start and no parent"));
        effectsByRun.keySet().stream()
                .filter(id -> !known.contains(id))
                .forEach(id -> doubles.add("effects of a run that nobody knows: " + id));
    }

    /** The runs that a run started, one for each of the steps that do. */
    private List<Workload.Started> children(Workload.Started parent, List<JsonNode> found) {
        List<String> steps = found.stream()
                .map(run -> run.path("parent").path("step").asText() + " of "
                        + run.path("orchestration").asText())
                .sorted()
                .toList();
        List<String> wanted = parent.route().waits().children().entrySet().stream()
                .map(child -> child.getKey() + " of " + child.getValue())
                .sorted()
                .toList();
        if (!steps.equals(wanted)) {
            (steps.size() > wanted.size() ? doubles : lost)
                    .add(parent.startKey() + " (" + parent.runId() + ") has started " + steps);
        }
        return found.stream()
                .map(run -> new Workload.Started(
                        CrashRoute.named(run.path("orchestration").asText()),
                        parent.startKey()
                                + '/'
                                + run.path("parent").path("step").asText(),
                        run.path("id").asText()))
                .toList();
    }

    List<String> lost() {
        return lost;
    }

    List<String> doubles() {
        return doubles;
    }

    /** How many effects repeated one whose answer was given but never recorded. */
    int repeated() {
        return repeated;
    }

    /** How many runs have undone what they had done. */
    int undone() {
        return undone;
    }

    private Set<String> allRuns() throws Exception {
        Set<String> ids = new HashSet<>();
        for (String cursor = ""; cursor != null; ) {
            JsonClient.Reply page = server.get("/api/runs?limit=200" + cursor);
            page.body().path("runs").forEach(run -> ids.add(run.path("id").asText()));
            JsonNode next = page.body().path("nextCursor");
            cursor = next.isTextual() ? "&cursor=" + next.asText() : null;
        }
        return ids;
    }

    private void compare(Workload.Started started) throws Exception {
        JsonClient.Reply reply = server.get("/api/runs/" + started.runId());
        String name = started.startKey() + " (" + started.runId() + ")";
        if (reply.status() != 200) {
            lost.add(name + " is gone: " + reply.status());
            return;
        }
        String state = reply.body().path("state").asText();
        if (!started.route().mayEndAs(state)) {
            lost.add(name + " is " + reply.body());
            return;
        }
        List<JsonNode> steps = StreamSupport.stream(reply.body().path("steps").spliterator(), false)
                .toList();
        List<String> keys =
                steps.stream().map(step -> step.path("key").asText()).toList();
        if (!started.route().isJournal(state, keys)) {
            (new HashSet<>(keys).size() < keys.size() ? doubles : lost).add(name + " has the journal " + keys);
            return;
        }
        List<Effect> effects = effectsByRun.getOrDefault(started.runId(), List.of());
        steps.stream()
                .filter(step -> step.path("kind").isMissingNode()
                        && !started.route()
                                .waits()
                                .children()
                                .containsKey(step.path("key").asText()))
                .forEach(step -> compareAnswer(name, step, effects));
        compareOrder(name, started.route(), keys, effects);
        compareBodies(name, started.route(), effects);
        compareSightings(name, started.runId(), effects);
        compareSignals(name, started.route(), steps);
        comparePauses(name, started.route(), effects);
        compareUndoing(name, steps, effects);
    }

    /** The signals were sent in their order, each over and over under its id: each await has its own. */
    private void compareSignals(String name, CrashRoute route, List<JsonNode> steps) {
        List<String> awaits = route.waits().signals();
        for (JsonNode step : steps) {
            int number = awaits.indexOf(step.path("key").asText());
            JsonNode output = step.path("output").path("number");
            if (number >= 0 && output.asInt(-1) != number) {
                (output.isNumber() ? doubles : lost).add(name + " has in place of signal " + number + " " + step);
            }
        }
    }

    /** By the clock of this witness; the first effect behind a pause counts, and the last before it. */
    private void comparePauses(String name, CrashRoute route, List<Effect> effects) {
        for (CrashRoute.Pause pause : route.waits().pauses()) {
            long before = effects.stream()
                    .filter(effect -> effect.isOf(pause.before()))
                    .mapToLong(Effect::atNanos)
                    .max()
                    .orElseThrow();
            long after = effects.stream()
                    .filter(effect -> effect.isOf(pause.after()))
                    .mapToLong(Effect::atNanos)
                    .min()
                    .orElseThrow();
            if (after - before < TimeUnit.MILLISECONDS.toNanos(pause.ms())) {
                doubles.add(name + " woke up " + (after - before) / 1_000_000 + " ms after " + pause.before()
                        + " instead of " + pause.ms());
            }
        }
    }

    /** What was registered is undone in reverse, in the journal and for the witness. */
    private void compareUndoing(String name, List<JsonNode> steps, List<Effect> effects) {
        List<String> keys =
                steps.stream().map(step -> step.path("key").asText()).toList();
        List<String> reverse = steps.stream()
                .filter(step -> step.path("kind").asText().equals("saga"))
                .map(step -> COMPENSATION + step.path("key").asText())
                .filter(keys::contains)
                .collect(Collectors.toCollection(ArrayList::new));
        if (reverse.isEmpty()) {
            return;
        }
        undone++;
        Collections.reverse(reverse);
        List<String> recorded = keys.stream().filter(reverse::contains).toList();
        List<String> done = effects.stream()
                .flatMap(effect -> reverse.stream().filter(effect::isOf))
                .distinct()
                .toList();
        if (!recorded.equals(reverse) || !done.equals(reverse)) {
            doubles.add(name + " has undone " + done + ", and recorded it as " + recorded + ", instead of " + reverse);
        }
    }

    /** The record holds the last answer: an earlier one came to a process that died before it could record it. */
    private void compareAnswer(String name, JsonNode step, List<Effect> effects) {
        String key = step.path("key").asText();
        List<Effect> own = effects.stream().filter(effect -> effect.isOf(key)).toList();
        if (own.isEmpty()) {
            lost.add(name + " has a record of " + key + " without an effect");
            return;
        }
        JsonNode token = step.path("output").path("token");
        long given = own.get(own.size() - 1).token();
        if (token.isNumber() && token.asLong() != given) {
            lost.add(name + " has answer " + token + " in step " + key + ", which was given " + given + " last");
        }
    }

    /** Between two calls of a step there is none of a later step: that one's begin acknowledged the record. */
    private void compareOrder(String name, CrashRoute route, List<String> keys, List<Effect> effects) {
        List<String> steps =
                effects.stream().map(effect -> stepOf(effect, keys)).toList();
        Map<String, Integer> before = new HashMap<>();
        for (int now = 0; now < steps.size(); now++) {
            String step = steps.get(now);
            if (step.isEmpty()) {
                doubles.add(name + " made a call that belongs to no step: " + effects.get(now));
                continue;
            }
            Integer last = before.put(step, now);
            if (last == null || !route.ordered()) {
                continue;
            }
            for (String between : steps.subList(last + 1, now)) {
                if (!between.equals(step) && !route.atTheSameTime(between, step)) {
                    doubles.add(name + " repeated " + step + " after " + between + " had begun");
                }
            }
        }
    }

    private static String stepOf(Effect effect, List<String> keys) {
        return keys.stream()
                .filter(effect::isOf)
                .max(Comparator.comparingInt(String::length))
                .orElse("");
    }

    /**
     * A repeat asks for the same, since the run came to it from the same recorded data; only where durability is
     * relaxed those data may have been made anew.
     */
    private void compareBodies(String name, CrashRoute route, List<Effect> effects) {
        Map<String, Effect> first = new HashMap<>();
        for (Effect effect : effects) {
            Effect earlier = first.putIfAbsent(effect.key() + ' ' + effect.path(), effect);
            if (earlier != null) {
                repeated += earlier.token() == 0 ? 0 : 1;
                if (route.ordered() && earlier.body() != effect.body()) {
                    doubles.add(name + " repeated " + effect.key() + " with another body");
                }
            }
        }
    }

    private void compareSightings(String name, String runId, List<Effect> effects) {
        for (Workload.Sighting sighting : sightingsByRun.getOrDefault(runId, List.of())) {
            for (Effect effect : effects) {
                if (effect.isOf(sighting.stepKey()) && effect.atNanos() > sighting.atNanos()) {
                    doubles.add(name + " repeated " + effect.key() + " after its record was shown");
                }
            }
        }
    }
}
