package dev.segno.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segno.run.Failpoint;
import dev.segno.run.Failpoints;
import dev.segno.spec.JsonClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** R7: nobody is told of a run before it is synced to the disk, and nothing is told after a sync that failed. */
class FsyncIT {

    private static final int DISK_FAILED = 74;
    private static final int STARTS = 200;
    private static final String START = "/api/orchestrations/choice/runs";

    @TempDir
    private Path directory;

    @Test
    void R7_afterAFailedSyncNothingIsAcknowledgedAndTheProcessEnds() throws Exception {
        Random random = Chaos.random("R7");
        try (CrashSite site = new CrashSite(directory, new Random(random.nextLong()))) {
            int commit = 60 + random.nextInt(60);
            site.process().launch(List.of(), Map.of(Failpoints.SETTING, Failpoint.STORE_FAIL_FSYNC + ":" + commit));
            site.process().awaitReady();
            JsonClient client = site.process().client();
            List<CompletableFuture<JsonClient.Reply>> starts = new ArrayList<>();
            while (site.process().isAlive()) {
                CompletableFuture<JsonClient.Reply> start = client.postAsync(START, CrashRoute.INPUT);
                starts.add(start);
                start.handle((reply, failure) -> "over").join();
            }
            assertThat(site.process().awaitExit()).isEqualTo(DISK_FAILED);
            assertThat(site.process().lines())
                    .filteredOn(line -> line.contains("A commit could not be synced to the disk"))
                    .hasSize(1);

            List<String> acknowledged = starts.stream()
                    .filter(start ->
                            !start.isCompletedExceptionally() && start.join().status() == 202)
                    .map(start -> start.join().body().path("id").asText())
                    .toList();
            assertThat(acknowledged).isNotEmpty();
            assertThat(starts.get(starts.size() - 1))
                    .as("the last start has no answer")
                    .isCompletedExceptionally();
            site.process().start();
            for (String id : acknowledged) {
                assertThat(client.get("/api/runs/" + id).status()).as(id).isEqualTo(200);
            }
            System.out.println("R7: sync " + commit + " failed, exit code " + DISK_FAILED + "; all "
                    + acknowledged.size() + " runs acknowledged before are there");
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "segno.chaos", matches = "true")
    void R7_aSyncOfTheLogPrecedesEachAcknowledgement() throws Exception {
        Assumptions.assumeTrue(isThere("strace"), "strace is not installed: R7 WAS NOT TRACED");
        Path trace = directory.resolve("trace.txt");
        try (CrashSite site = new CrashSite(directory, new Random())) {
            site.process().launch(SystemCalls.tracedInto(trace), Map.of());
            site.process().awaitReady();
            JsonClient client = site.process().client();
            List<CompletableFuture<JsonClient.Reply>> starts = new ArrayList<>();
            for (int start = 0; start < STARTS; start++) {
                starts.add(client.postAsync(START, CrashRoute.INPUT));
            }
            for (CompletableFuture<JsonClient.Reply> start : starts) {
                assertThat(start.join().status()).isEqualTo(202);
            }
            site.process().stop();
        }

        SystemCalls calls = SystemCalls.read(trace);
        System.out.println(
                "R7: " + calls.acknowledged().size() + " runs acknowledged, each after one of " + calls.syncs()
                        + " syncs of the log; too early: " + calls.tooEarly().size());
        assertThat(calls.acknowledged()).hasSize(STARTS);
        assertThat(calls.tooEarly()).isEmpty();
        assertThat(calls.syncs()).isPositive();
    }

    private static boolean isThere(String program) {
        for (String path : System.getenv("PATH").split(java.io.File.pathSeparator)) {
            if (Files.isExecutable(Path.of(path, program))) {
                return true;
            }
        }
        return false;
    }
}
