package dev.segno.camel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segno.run.Run;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Runs the orchestration {@code sync} once undisturbed, then lets the process die at each effect of it, before and after
 * the effect, and compares what comes out after a restart.
 */
final class CrashProof {

    private final RouteHarness harness;
    private final @Nullable Object input;

    private CrashProof(RouteHarness harness, @Nullable Object input) {
        this.harness = harness;
        this.input = input;
    }

    /**
     * What the undisturbed run came to.
     *
     * @param places of the effects that worked, in their order
     */
    record Undisturbed(@Nullable Object output, List<String> journal, List<String> places, Run run) {}

    /**
     * Proves that a crash anywhere changes nothing.
     *
     * @param harness with its files written, and not started
     * @return the undisturbed run, for the test to say what it should be
     */
    static Undisturbed of(RouteHarness harness, @Nullable Object input) throws Exception {
        return new CrashProof(harness, input).prove();
    }

    private Undisturbed prove() throws Exception {
        harness.start();
        Run whole = harness.completed(harness.begin(input));
        Undisturbed undisturbed = new Undisturbed(
                harness.output(whole), harness.journal(whole.id()), harness.world.worked(whole.id(), 1), whole);
        assertThat(undisturbed.places()).as("each place once").doesNotHaveDuplicates();

        int effects = harness.world.callsOf(whole.id()).size();
        Map<String, String> runs = new LinkedHashMap<>();
        for (int n = 1; n <= effects; n++) {
            for (String moment : List.of("before", "after")) {
                String plan = n + " " + moment;
                runs.put(harness.begin("sync", input, Map.of(World.DIE_AT, plan)), plan);
            }
        }
        Map<String, String> diedIn = new LinkedHashMap<>();
        for (String runId : runs.keySet()) {
            diedIn.put(runId, harness.world.awaitDeath(runId));
        }
        harness.die();
        harness.start();
        Map<String, Set<String>> recorded = new LinkedHashMap<>();
        for (String runId : runs.keySet()) {
            recorded.put(runId, keys(harness.journal(runId)));
        }
        assertThat(harness.runtime().recover()).isEqualTo(runs.size());
        for (Map.Entry<String, String> run : runs.entrySet()) {
            check(run.getKey(), run.getValue(), undisturbed, diedIn, recorded);
        }
        return undisturbed;
    }

    private void check(
            String runId,
            String plan,
            Undisturbed undisturbed,
            Map<String, String> diedIn,
            Map<String, Set<String>> recordedBefore) {
        Run run = harness.completed(runId);
        List<String> first = harness.world.worked(runId, 1);
        List<String> second = harness.world.worked(runId, 2);
        String place = diedIn.getOrDefault(runId, "").substring(runId.length() + 1);

        assertThat(harness.output(run)).as("output, died at %s", plan).isEqualTo(undisturbed.output());
        assertThat(harness.journal(runId))
                .as("journal, died at %s", plan)
                .containsExactlyInAnyOrderElementsOf(undisturbed.journal());
        assertThat(harness.world.effectsOf(runId))
                .as("effects, died at %s", plan)
                .containsExactlyInAnyOrderElementsOf(undisturbed.places());
        assertThat(first).as("first life, died at %s", plan).doesNotHaveDuplicates();
        assertThat(second).as("second life, died at %s", plan).doesNotHaveDuplicates();
        Set<String> recorded = recordedBefore.getOrDefault(runId, Set.of());
        assertThat(second)
                .as("effects of recorded steps %s, died at %s", recorded, plan)
                .noneMatch(again ->
                        recorded.stream().anyMatch(step -> again.equals(step) || again.startsWith(step + '/')));
        if (plan.endsWith("after") && undisturbed.places().contains(place)) {
            assertThat(second)
                    .as("what died unrecorded comes again, died at %s", plan)
                    .contains(place);
        }
    }

    private static Set<String> keys(List<String> journal) {
        Set<String> keys = new LinkedHashSet<>();
        journal.forEach(record -> keys.add(record.replace(" failed", "")));
        return keys;
    }
}
