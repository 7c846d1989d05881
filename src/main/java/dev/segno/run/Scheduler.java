package dev.segno.run;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Runs something later, without holding a thread meanwhile. */
@FunctionalInterface
public interface Scheduler {

    /** Runs {@code task} once, {@code delay} from now, on a thread of its own choosing. */
    void after(Duration delay, Runnable task);

    /** Completes a future with a value if nothing else has by then. One that is complete is not kept in memory until then. */
    default <T> void completeAfter(Duration delay, CompletableFuture<T> future, T value) {
        AtomicReference<@Nullable CompletableFuture<T>> open = new AtomicReference<>(future);
        future.whenComplete((result, error) -> open.set(null));
        after(delay, () -> {
            CompletableFuture<T> late = open.get();
            if (late != null) {
                late.complete(value);
            }
        });
    }
}
