package dev.segno.crash;

import com.fasterxml.jackson.databind.JsonNode;
import dev.segno.spec.JsonClient;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * What was lost or done twice, by comparing three witnesses: what clients were told, what the effect server received,
 * and what the runs show in the end.
 *
 * @param runs how many runs were acknowledged
 * @param effects how many calls the effect server received
 * @param repeated how many of them repeated one whose answer was given but never recorded
 * @param lost acknowledged runs or steps that are missing or hold another answer than the one that was given
 * @param doubles records of a key beyond the first, and effects repeated after their record was acknowledged
 */
record Verdict(int runs, int effects, int repeated, List<String> lost, List<String> doubles) {

    /** Compares the witnesses; all runs must have ended. */
    static Verdict of(JsonClient server, Workload workload, List<Effect> effects) throws Exception {
        Comparison comparison = new Comparison(server, workload, effects);
        comparison.compare();
        return new Verdict(
                workload.started().size(), effects.size(), comparison.repeated, comparison.lost, comparison.doubles);
    }

    @Override
    public String toString() {
        return "runs=%d effects=%d repeated=%d lost=%d double=%d"
                .formatted(runs, effects, repeated, lost.size(), doubles.size());
    }

    private static final class Comparison {
        private final JsonClient server;
        private final Workload workload;
        private final Map<String, List<Effect>> effectsByRun;
        private final Map<String, List<Workload.Sighting>> sightingsByRun;
        private final List<String> lost = new ArrayList<>();
        private final List<String> doubles = new ArrayList<>();
        private int repeated;

        Comparison(JsonClient server, Workload workload, List<Effect> effects) {
            this.server = server;
            this.workload = workload;
            this.effectsByRun = effects.stream().collect(Collectors.groupingBy(Effect::run));
            this.sightingsByRun =
                    workload.sightings().stream().collect(Collectors.groupingBy(Workload.Sighting::runId));
        }

        void compare() throws Exception {
            Collection<Workload.Started> started = workload.started();
            Set<String> ids = started.stream().map(Workload.Started::runId).collect(Collectors.toSet());
            if (ids.size() != started.size()) {
                doubles.add("Two start keys have the same run");
            }
            Set<String> stored = allRuns();
            ids.stream().filter(id -> !stored.contains(id)).forEach(id -> lost.add("run " + id + " is not listed"));
            stored.stream().filter(id -> !ids.contains(id)).forEach(id -> doubles.add("run " + id + " has no start"));
            effectsByRun.keySet().stream()
                    .filter(id -> !ids.contains(id))
                    .forEach(id -> doubles.add("effects of a run that nobody knows: " + id));
            for (Workload.Started run : started) {
                if (!workload.start(run.route(), run.startKey()).equals(run.runId())) {
                    doubles.add("start key " + run.startKey() + " has another run than before");
                }
                compare(run);
            }
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
            if (!reply.body().path("state").asText().equals("COMPLETED")) {
                lost.add(name + " is " + reply.body());
                return;
            }
            List<JsonNode> steps = StreamSupport.stream(
                            reply.body().path("steps").spliterator(), false)
                    .toList();
            List<String> keys =
                    steps.stream().map(step -> step.path("key").asText()).toList();
            if (!started.route().isJournal(keys)) {
                (new HashSet<>(keys).size() < keys.size() ? doubles : lost).add(name + " has the journal " + keys);
                return;
            }
            List<Effect> effects = effectsByRun.getOrDefault(started.runId(), List.of());
            steps.forEach(step -> compareAnswer(name, step, effects));
            compareOrder(name, started.route(), keys, effects);
            compareBodies(name, started.route(), effects);
            compareSightings(name, started.runId(), effects);
        }

        /** The record holds the last answer: an earlier one came to a process that died before it could record it. */
        private void compareAnswer(String name, JsonNode step, List<Effect> effects) {
            String key = step.path("key").asText();
            List<Effect> own =
                    effects.stream().filter(effect -> effect.isOf(key)).toList();
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
}
