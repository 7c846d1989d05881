package dev.segno.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Those who follow a run as server-sent events hear of every step once, whatever becomes of the server. */
class EventsIT {

    private static final int FOLLOWERS = Chaos.number("segno.chaos.followers", 50);
    private static final int ROUNDS = 300;
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @TempDir
    private Path directory;

    /** One event of a step: its id, and the key of the step. */
    private record StepEvent(long id, String data) {}

    /** What one client heard, over all its connections. */
    private static final class Follower {
        private final List<StepEvent> steps = new ArrayList<>();
        private boolean ended;
        private int connections;
    }

    @Test
    void R25_eachStepIsToldOnceAlsoAcrossAKill() throws Exception {
        Random random = Chaos.random("SSE");
        ExecutorService threads = Executors.newCachedThreadPool();
        try (CrashSite site = new CrashSite(directory, random)) {
            site.process().start();
            String id = site.process()
                    .client()
                    .post("/api/orchestrations/long/runs", "{\"rounds\":" + ROUNDS + "}")
                    .body()
                    .path("id")
                    .asText();
            URI events = URI.create("http://127.0.0.1:" + site.process().port() + "/api/runs/" + id + "/events");
            List<CompletableFuture<Follower>> followers = IntStream.range(0, FOLLOWERS)
                    .mapToObj(number -> CompletableFuture.supplyAsync(() -> follow(events, number), threads))
                    .toList();
            for (int kill = 0; kill < 2; kill++) {
                site.effects().afterCalls(30 + random.nextInt(50)).join();
                site.process().kill();
                site.process().restart();
            }

            int connections = 0;
            for (CompletableFuture<Follower> future : followers) {
                Follower follower = future.join();
                connections += follower.connections;
                assertThat(follower.steps).extracting(StepEvent::id).isSorted().doesNotHaveDuplicates();
                assertThat(follower.steps)
                        .extracting(StepEvent::data)
                        .containsExactlyElementsOf(IntStream.range(0, ROUNDS)
                                .mapToObj(round -> "rounds[" + round + "]/work")
                                .toList());
            }
            System.out.println("R25: " + FOLLOWERS + " followers, " + connections + " connections, 2 kills, each heard "
                    + ROUNDS + " steps once");
        } finally {
            threads.shutdownNow();
        }
    }

    /** Follows until the end, from where it was; every third client also hangs up now and then. */
    private static Follower follow(URI events, int number) {
        Follower follower = new Follower();
        int patience = number % 3 == 0 ? 20 + number : Integer.MAX_VALUE;
        Awaitility.await()
                .atMost(java.time.Duration.ofMinutes(2))
                .pollInterval(java.time.Duration.ofMillis(200))
                .until(() -> {
                    listen(events, follower, patience);
                    return follower.ended;
                });
        return follower;
    }

    private static void listen(URI events, Follower follower, int patience) throws InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(events);
        if (!follower.steps.isEmpty()) {
            StepEvent last = follower.steps.get(follower.steps.size() - 1);
            request.header("Last-Event-ID", String.valueOf(last.id()));
        }
        int hangUpAt = patience == Integer.MAX_VALUE ? patience : follower.steps.size() + patience;
        try {
            HttpResponse<java.io.InputStream> response =
                    CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            assertThat(response.statusCode()).isEqualTo(200);
            follower.connections++;
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
                read(lines, follower, hangUpAt);
            }
        } catch (IOException e) {
            // The server was killed, or is not back: the next look goes on from the last event.
        }
    }

    private static void read(BufferedReader lines, Follower follower, int hangUpAt) throws IOException {
        String id = "";
        String event = "";
        String data = "";
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("id: ")) {
                id = line.substring(4);
            } else if (line.startsWith("event: ")) {
                event = line.substring(7);
            } else if (line.startsWith("data: ")) {
                data = line.substring(6);
            } else if (line.isEmpty() && event.equals("step")) {
                follower.steps.add(new StepEvent(Long.parseLong(id), keyIn(data)));
                event = "";
                if (follower.steps.size() >= hangUpAt) {
                    return;
                }
            } else if (line.isEmpty() && event.equals("end")) {
                assertThat(data).isEqualTo("{\"state\":\"COMPLETED\"}");
                follower.ended = true;
            }
        }
    }

    private static String keyIn(String data) {
        return dev.segno.spec.JsonClient.parse(data).path("key").asText();
    }
}
