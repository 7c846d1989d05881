package dev.segno.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.segno.crash.Chaos;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** R22: many items in chunks, and kills in between. */
class ManyItemsIT {

    private static final int ITEMS = Chaos.number("segno.chaos.items", 300_000);
    private static final int CHUNK = Chaos.number("segno.chaos.chunk", 2_000);
    private static final int CHUNKS = ITEMS / CHUNK;
    /** In seconds; 0 for three kills, as many chunks apart. */
    private static final int KILL_EVERY = Chaos.number("segno.chaos.kill-every", 0);

    private static final long MOST_GROWTH_BYTES = 8L << 20;

    @TempDir
    private Path directory;

    private final Random random = Chaos.random("R22");
    private final List<Long> liveHeaps = new ArrayList<>();
    private int kills;

    @Test
    void R22_countsAreExactAndOnlyChunksInFlightRepeat() throws Exception {
        try (ProductSync sync = ProductSync.start(directory)) {
            sync.maintainer().control("{\"products\":" + ITEMS + ",\"chunkDelayMs\":20}");
            String run = sync.begin("{\"chunk_size\":" + CHUNK + "}");
            if (KILL_EVERY == 0) {
                for (int kill = 0; kill < 3; kill++) {
                    awaitCalls(sync, (kill + 1) * CHUNKS / 5 + random.nextInt(CHUNKS / 10));
                    kill(sync);
                }
            } else {
                while (!endsWithin(sync, Duration.ofSeconds(KILL_EVERY))) {
                    kill(sync);
                }
                sync.process().restart();
            }
            JsonNode status = sync.statusAtEnd(run);
            liveHeaps.add(LiveHeap.bytesOf(sync.process().pid()));

            int repeated = assertCounts(sync, run, status);
            System.out.println("R22: " + ITEMS + " items in " + CHUNKS + " chunks, " + kills + " kills, " + repeated
                    + " chunks asked for again, live heap before each kill and at the end in KiB: "
                    + liveHeaps.stream().map(bytes -> bytes / 1024).toList());
            assertThat(liveHeaps)
                    .as("the heap is flat")
                    .allMatch(bytes -> bytes < liveHeaps.get(0) + MOST_GROWTH_BYTES);
        }
    }

    private void kill(ProductSync sync) throws Exception {
        liveHeaps.add(LiveHeap.bytesOf(sync.process().pid()));
        Chaos.letPass(random.nextInt(25_000));
        sync.process().kill();
        kills++;
        sync.process().restart();
    }

    private int assertCounts(ProductSync sync, String run, JsonNode status) throws Exception {
        assertThat(status.path("currentPhase").asText()).as(status.toString()).isEqualTo("completed");
        assertThat(status.at("/progress/totalRecords").asInt()).isEqualTo(ITEMS);
        assertThat(status.at("/progress/chunksProcessed").asInt()).isEqualTo(CHUNKS);
        JsonNode records = sync.maintainer().sandbox("?path=/none").path("records");
        assertThat(records.path("rows").asInt()).isEqualTo(ITEMS);
        assertThat(records.path("distinctIds").asInt()).isEqualTo(ITEMS);
        assertThat(records.path("maxPerId").asInt()).isEqualTo(1);
        List<String> keys = sync.run(run).path("steps").findValuesAsText("key");
        assertThat(keys).doesNotHaveDuplicates().hasSizeGreaterThan(CHUNKS);

        Map<String, Integer> calls = new HashMap<>();
        Map<String, Integer> works = new HashMap<>();
        for (JsonNode call : sync.maintainer().calls("/run")) {
            String key = call.path("key").asText();
            assertThat(key).startsWith(run + "/");
            calls.merge(key, 1, Integer::sum);
            works.merge(key, call.path("worked").asBoolean() ? 1 : 0, Integer::sum);
        }
        assertThat(works.values()).as("each chunk's effect once").containsOnly(1);
        int repeated = (int) calls.values().stream().filter(count -> count > 1).count();
        assertThat(repeated).as("only chunks in flight at a kill come again").isLessThanOrEqualTo(kills);
        return repeated;
    }

    private static boolean endsWithin(ProductSync sync, Duration time) {
        try {
            await().atMost(time)
                    .pollInterval(Duration.ofMillis(250))
                    .until(() -> !sync.status().path("isRunning").asBoolean(true));
            return true;
        } catch (ConditionTimeoutException e) {
            return false;
        }
    }

    private static void awaitCalls(ProductSync sync, int count) {
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> calls(sync) >= count);
    }

    private static int calls(ProductSync sync) throws Exception {
        return sync.maintainer().sandbox("?path=/none").path("totalCalls").asInt();
    }
}
