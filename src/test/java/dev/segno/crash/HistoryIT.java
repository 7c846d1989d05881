package dev.segno.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segno.crash.Operation.Answer;
import dev.segno.crash.Operation.Kind;
import dev.segno.run.RunState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** R15: clients start, signal, cancel and look at the same runs at the same time; {@link History} judges what they were told. */
class HistoryIT {

    private static final int ROUNDS = Chaos.number("segno.chaos.histories", 1);
    private static final int SECONDS = Chaos.number("segno.chaos.history-seconds", 20);
    private static final int CLIENTS = 8;

    @TempDir
    private Path directory;

    @Test
    void R15_whatConcurrentClientsAreToldIsConsistent() throws Exception {
        Random random = Chaos.random("R15");
        ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
        try (CrashSite site = new CrashSite(directory, new Random(random.nextLong()))) {
            site.process().start();
            for (int round = 0; round < ROUNDS; round++) {
                RecordedClient client = new RecordedClient(site.process().client(), "round-" + round + '-');
                long until = System.nanoTime() + Duration.ofSeconds(SECONDS).toNanos();
                List<CompletableFuture<Void>> clients = new ArrayList<>();
                for (int number = 0; number < CLIENTS; number++) {
                    Random own = new Random(random.nextLong());
                    clients.add(CompletableFuture.runAsync(() -> client.work(own, until), threads));
                }
                CompletableFuture.allOf(clients.toArray(CompletableFuture[]::new))
                        .join();
                client.endAll();
                judge(round, client.operations(), site.effects().effects());
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static void judge(int round, Collection<Operation> operations, List<Effect> effects) {
        Map<Answer, Integer> answers = new HashMap<>();
        operations.forEach(operation -> answers.merge(operation.answer(), 1, Integer::sum));
        long runs = operations.stream().map(Operation::run).distinct().count();
        System.out.println(
                "R15 round " + round + ": " + operations.size() + " operations on " + runs + " runs, told " + answers);
        assertThat(History.anomalies(operations)).isEmpty();
        assertThat(afterCancel(operations, effects))
                .as("effects after a cancel that was done")
                .isEmpty();
        assertThat(answers.keySet())
                .as("the load came to everything that can be told")
                .contains(Answer.DELIVERED, Answer.KEPT, Answer.DUPLICATE, Answer.TOO_LATE, Answer.ACCEPTED);
        assertThat(runs).isGreaterThan(SECONDS);
    }

    private static List<Effect> afterCancel(Collection<Operation> operations, List<Effect> effects) {
        Map<String, Long> cancelled = new HashMap<>();
        operations.stream()
                .filter(operation -> operation.kind() == Kind.CANCEL
                        && operation.state().filter(RunState.CANCELLED::equals).isPresent())
                .forEach(cancel -> cancelled.merge(cancel.run(), cancel.toldAt(), Math::min));
        return effects.stream()
                .filter(effect -> effect.atNanos() > cancelled.getOrDefault(effect.run(), Long.MAX_VALUE))
                .toList();
    }
}
