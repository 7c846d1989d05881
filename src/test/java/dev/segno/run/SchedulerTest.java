package dev.segno.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class SchedulerTest {

    private static final Duration LONG = Duration.ofMinutes(5);

    private final List<Runnable> timers = new ArrayList<>();
    private final Scheduler scheduler = (delay, task) -> timers.add(task);

    @Test
    void aFutureIsCompletedWhenNothingElseHasDoneIt() {
        CompletableFuture<String> late = new CompletableFuture<>();
        CompletableFuture<String> early = new CompletableFuture<>();
        scheduler.completeAfter(LONG, late, "too late");
        scheduler.completeAfter(LONG, early, "too late");
        early.complete("in time");

        timers.forEach(Runnable::run);

        assertThat(late).isCompletedWithValue("too late");
        assertThat(early).isCompletedWithValue("in time");
    }

    @Test
    void aResultIsNotKeptUntilTheTimeIsUp() {
        WeakReference<byte[]> result = complete();

        await().until(() -> {
            System.gc();
            return result.get() == null;
        });
        assertThat(timers).hasSize(1);
    }

    private WeakReference<byte[]> complete() {
        CompletableFuture<byte[]> future = new CompletableFuture<>();
        byte[] result = new byte[1024];
        scheduler.completeAfter(LONG, future, new byte[0]);
        future.complete(result);
        return new WeakReference<>(result);
    }
}
