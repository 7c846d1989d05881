package dev.segno.controlplane;

import dev.segno.run.Engine;
import dev.segno.run.RunConflict;
import dev.segno.run.StoreUnavailable;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Retries parked runs of some packages by itself: at an interval up to five whose pause is over, until their retries are used
 * up. What it needs to know is in the rows of the runs. Thread-safe.
 */
final class DeadLetterRetries {

    private static final int AT_ONCE = 5;

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterRetries.class);

    private final Engine engine;
    private final DeadLetterOperations deadLetters;
    private final List<String> packages;
    private final Duration every;
    private final Executor executor;
    private final BiConsumer<Duration, Runnable> later;
    private volatile boolean closed;

    /**
     * @param packages folders of the orchestrations whose runs are retried
     * @param every    the pause between two passes
     * @param later    runs a task after a while
     */
    DeadLetterRetries(
            Engine engine,
            DeadLetterOperations deadLetters,
            List<String> packages,
            Duration every,
            Executor executor,
            BiConsumer<Duration, Runnable> later) {
        this.engine = engine;
        this.deadLetters = deadLetters;
        this.packages = List.copyOf(packages);
        this.every = every;
        this.executor = executor;
        this.later = later;
    }

    void begin() {
        if (!packages.isEmpty()) {
            next();
        }
    }

    private void next() {
        later.accept(every, () -> {
            if (!closed) {
                executor.execute(() -> {
                    try {
                        pass();
                    } catch (RuntimeException e) {
                        LOG.error("A pass over the parked runs failed; the next one is in {} s", every.toSeconds(), e);
                    } finally {
                        next();
                    }
                });
            }
        });
    }

    /** One pass; how many runs were retried. */
    int pass() {
        int retried = 0;
        try {
            for (DeadLetterEntry entry : deadLetters.due(false, DeadLetterEntry.MAX_RETRIES, Integer.MAX_VALUE)) {
                if (retried < AT_ONCE && !closed && isOurs(entry)) {
                    retried++;
                    retry(entry);
                }
            }
        } catch (StoreUnavailable e) {
            LOG.info("Parked runs are not retried for now: {}", e.getMessage());
        }
        return retried;
    }

    private void retry(DeadLetterEntry entry) {
        try {
            engine.retry(entry.run().id()).join();
            LOG.info("Retrying run {} (retry {})", entry.run().id(), entry.retries() + 1);
        } catch (RunConflict | CompletionException e) {
            LOG.info("Run {} is not retried: {}", entry.run().id(), e.getMessage());
        }
    }

    private boolean isOurs(DeadLetterEntry entry) {
        return engine.store()
                .findDefinition(entry.run().orchestration(), entry.run().version())
                .filter(definition ->
                        packages.stream().anyMatch(folder -> definition.path().startsWith(folder + "/")))
                .isPresent();
    }

    void close() {
        closed = true;
    }
}
