package dev.segno;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/** A part of the start that goes on beside others, on a thread of its own. Used by one thread. */
final class Background<T> {

    private final CompletableFuture<T> result = new CompletableFuture<>();

    private Background() {}

    static <T> Background<T> begin(String name, Callable<T> work) {
        Background<T> background = new Background<>();
        Thread thread = new Thread(() -> background.run(work), name);
        thread.setDaemon(true);
        thread.start();
        return background;
    }

    private void run(Callable<T> work) {
        try {
            result.complete(work.call());
        } catch (Throwable e) {
            result.completeExceptionally(e);
        }
    }

    /** Waits for the result; throws what the work threw. */
    T await() throws Exception {
        try {
            return result.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception failure) {
                throw failure;
            }
            throw e;
        }
    }

    /** Nobody will wait: the result, if there is one, is undone when it comes. */
    void abandon(Consumer<T> undo) {
        result.thenAccept(undo);
    }
}
