package dev.segno.controlplane;

import dev.segno.run.Engine;
import dev.segno.run.Run;
import dev.segno.run.RunConflict;
import dev.segno.run.RunQuery;
import dev.segno.run.RunResult;
import dev.segno.run.RunState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Parked runs as entries of a queue of dead letters. Thread-safe. */
final class DeadLetterOperations {

    private static final int DEFAULT_LIMIT = 10;

    /** How long a retry is watched before it is answered. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Engine engine;

    DeadLetterOperations(Engine engine) {
        this.engine = engine;
    }

    void addTo(Map<String, ControlOperation> operations) {
        operations.put("dlq-stats", this::statistics);
        operations.put("dlq-retry", this::retry);
    }

    /** All entries, those that failed first first. */
    List<DeadLetterEntry> entries() {
        List<DeadLetterEntry> entries = new ArrayList<>();
        Optional<String> cursor = Optional.empty();
        while (true) {
            List<Run> page = engine.store()
                    .list(new RunQuery(Optional.empty(), Optional.of(RunState.PARKED), cursor, RunQuery.MAX_LIMIT));
            page.forEach(run -> entries.add(new DeadLetterEntry(run)));
            if (page.size() < RunQuery.MAX_LIMIT) {
                entries.sort(Comparator.comparing(DeadLetterEntry::failedAt));
                return entries;
            }
            cursor = Optional.of(page.get(page.size() - 1).id());
        }
    }

    private ControlAnswer statistics(ControlRequest request) {
        List<DeadLetterEntry> entries = entries();
        long exhausted = entries.stream()
                .filter(entry -> entry.isExhausted(DeadLetterEntry.MAX_RETRIES))
                .count();
        Map<String, Long> byService = new LinkedHashMap<>();
        entries.forEach(entry -> byService.merge(entry.service(), 1L, Long::sum));
        int all = entries.size();
        return ControlAnswer.flat(JsonTree.of(
                "queued_events",
                all,
                "retryable_events",
                all - exhausted,
                "exhausted_events",
                exhausted,
                "retried_events",
                entries.stream().filter(entry -> entry.retries() > 0).count(),
                "total_events",
                all,
                "failed_events",
                all,
                "events_by_type",
                all == 0 ? Map.of() : Map.of("workflow.run", all),
                "events_by_service",
                byService,
                "oldest_event",
                all == 0 ? null : JsonTree.seconds(entries.get(0).failedAt()),
                "newest_event",
                all == 0 ? null : JsonTree.seconds(entries.get(all - 1).failedAt())));
    }

    private ControlAnswer retry(ControlRequest request) {
        int maxRetries = request.integer("max_retries", DeadLetterEntry.MAX_RETRIES);
        boolean force = request.flag("force");
        List<String> ids = request.texts("event_ids");
        List<Map<String, @Nullable Object>> results = new ArrayList<>();
        int retried = 0;
        List<DeadLetterEntry> candidates =
                ids.isEmpty() ? due(force, maxRetries, request.number("limit", DEFAULT_LIMIT)) : named(ids, results);
        int total = candidates.size() + results.size();
        for (DeadLetterEntry entry : candidates) {
            String outcome;
            if (!force && entry.isExhausted(maxRetries)) {
                outcome = "exhausted";
            } else if (!force && entry.nextRetryAt().isAfter(engine.now())) {
                outcome = "still_failing";
            } else {
                outcome = retry(entry);
                retried++;
            }
            results.add(JsonTree.of(
                    "event_id", entry.id(), "run_id", entry.run().id(), "outcome", outcome, "from_step", entry.step()));
        }
        return ControlAnswer.flat(JsonTree.of("retried_events", retried, "total_events", total, "results", results));
    }

    /** Entries whose time has come, those that failed first first. */
    List<DeadLetterEntry> due(boolean force, int maxRetries, int limit) {
        Instant now = engine.now();
        return entries().stream()
                .filter(entry -> force
                        || (!entry.isExhausted(maxRetries)
                                && !entry.nextRetryAt().isAfter(now)))
                .limit(limit)
                .toList();
    }

    private List<DeadLetterEntry> named(List<String> ids, List<Map<String, @Nullable Object>> results) {
        List<DeadLetterEntry> entries = new ArrayList<>();
        for (String id : ids) {
            String runId = DeadLetterEntry.runOf(id);
            Optional<Run> run = engine.store().find(runId).filter(found -> found.state() == RunState.PARKED);
            if (run.isPresent()) {
                entries.add(new DeadLetterEntry(run.get()));
            } else {
                results.add(JsonTree.of("event_id", id, "run_id", null, "outcome", "not_found", "from_step", null));
            }
        }
        return entries;
    }

    /** Retries a run and looks for a moment how it goes. */
    String retry(DeadLetterEntry entry) {
        String id = entry.run().id();
        try {
            engine.retry(id).join();
            CompletableFuture<RunResult> result = engine.result(id);
            RunState state =
                    result.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS).state();
            return state == RunState.PARKED || state == RunState.BLOCKED ? "still_failing" : "resumed";
        } catch (TimeoutException e) {
            return "resumed";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "resumed";
        } catch (RunConflict | CompletionException | ExecutionException e) {
            return "still_failing";
        }
    }
}
