package dev.segno.hub;

import dev.segno.controlplane.ControlAnswer;
import dev.segno.controlplane.ControlOperation;
import dev.segno.controlplane.ControlRequest;
import dev.segno.event.EventLog;
import dev.segno.run.NewRun;
import dev.segno.run.Run;
import dev.segno.run.RunObserver;
import dev.segno.run.RunState;
import dev.segno.run.RunStore;
import dev.segno.run.StepKey;
import dev.segno.trigger.EndedRuns;
import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the runs of the service hub's operations: publishes an event when one begins and one when it has ended or stands,
 * and counts. Both come from what is on disk; the node only says when to look. Behind a crash nothing is left out and nothing
 * counts twice. Health checks are made by a route, which hands over what it found. Thread-safe.
 */
public final class ServiceHub implements RunObserver {

    /** What it publishes. */
    public static final List<String> EVENT_TYPES =
            List.of(HubEvents.START, HubEvents.COMPLETE, HubEvents.ERROR, HubEvents.HEALTH);

    private static final Logger LOG = LoggerFactory.getLogger(ServiceHub.class);
    /** So many ends of others are passed by at a time, so that the store can forget them. */
    private static final int OTHERS = 1_000;
    /** What happened before an event was published may have come to the disk behind it. */
    private static final Duration OVERLAP = Duration.ofMinutes(1);

    private final HubEvents events;
    private final Operations runs;
    private final CountedEnds ends;
    private final HubHealth health = new HubHealth();
    private final Executor executor;
    private final Clock clock;
    private final AtomicLong others = new AtomicLong();
    /** What is still to be told: one after the other, so that an end comes behind its start. */
    private CompletableFuture<?> telling = CompletableFuture.completedFuture(null);

    /**
     * @param events   asked for when there is something to tell
     * @param json     reads a JSON object
     * @param executor on which the store is read and events are written, which blocks
     */
    public ServiceHub(
            Supplier<EventLog> events,
            RunStore store,
            EndedRuns endedRuns,
            Function<String, Map<String, @Nullable Object>> json,
            Executor executor,
            Clock clock) {
        this.events = new HubEvents(events);
        this.runs = new Operations(store, json);
        this.ends = new CountedEnds(endedRuns, json, clock);
        this.executor = executor;
        this.clock = clock;
    }

    /** To be called before operations can be started: begins to count, and tells what a crash has kept back. Blocks on the store. */
    public void begin() {
        ends.begin();
        later(this::tellWhatWasKeptBack);
    }

    /** What its routes ask for as {@code control:NAME}. */
    public Map<String, ControlOperation> operations() {
        return Map.of("hub-metrics", request -> ControlAnswer.flat(metrics()), "hub-health", this::checked);
    }

    /** How many operations have come to which end since the store was made. Those that stand have not. */
    public Map<String, LongSupplier> counts() {
        return Map.of(
                "successful", () -> ends.figures().successful(),
                "partial", () -> ends.figures().partial(),
                "failed", () -> ends.figures().failed());
    }

    @Override
    public void started(NewRun run) {
        if (HubOperation.of(run.orchestration()).isPresent()) {
            later(() -> runs.find(run.id())
                    // One that was retried since has its first start told before its first end.
                    .filter(found -> found.retries() == 0)
                    .ifPresent(this::tellStart));
        }
    }

    /** A run that is retried begins again. */
    @Override
    public void tried(Run run, StepKey step, Instant startedAt, Instant endedAt, boolean failed) {
        if (run.retries() > 0 && HubOperation.of(run.orchestration()).isPresent() && !events.hasTold(run)) {
            later(() -> tellStart(run));
        }
    }

    @Override
    public void ended(Run run, RunState state, Instant at) {
        Optional<HubOperation> own = HubOperation.of(run.orchestration());
        if (own.isPresent() && !state.isFinal()) {
            later(() -> tellStanding(own.get(), run, state, at));
        } else if (own.isPresent() || others.incrementAndGet() % OTHERS == 0) {
            later(() -> ends.count(this::tellEnd));
        }
    }

    /** What cannot be told now is told with the next end, or behind the next start. */
    private void later(Runnable task) {
        var unused = inTurn(task);
    }

    private synchronized CompletableFuture<?> inTurn(Runnable task) {
        telling = telling.handleAsync(
                (told, failure) -> {
                    if (failure != null) {
                        LOG.warn("The service hub has something to tell and cannot: {}", failure.toString());
                    }
                    task.run();
                    return told;
                },
                executor);
        return telling;
    }

    private void tellWhatWasKeptBack() {
        List<Run> standing = runs.standing();
        List<Run> underWay = runs.underWay();
        boolean isQuiet = standing.isEmpty() && underWay.isEmpty();
        Instant since = isQuiet
                ? Instant.MAX
                : events.last().map(last -> last.minus(OVERLAP)).orElse(Instant.EPOCH);
        standing.stream().filter(run -> run.updatedAt().isAfter(since)).forEach(this::tellEnd);
        underWay.stream().filter(run -> run.updatedAt().isAfter(since)).forEach(this::tellStart);
        // Behind these: some that were under way may have ended since.
        ends.count(this::tellEnd);
    }

    private void tellStart(Run run) {
        Optional<HubOperation> operation = HubOperation.of(run.orchestration());
        if (operation.isPresent() && !events.hasTold(run)) {
            events.begun(operation.get(), run, runs.inputOf(run));
        }
    }

    /** One that was retried since has begun again and not ended, and why it stood is no longer on record. */
    private void tellStanding(HubOperation operation, Run run, RunState state, Instant at) {
        runs.find(run.id()).ifPresent(now -> {
            boolean wasRetried = now.retries() != run.retries();
            tellEnd(operation, run, wasRetried ? EndedOperation.standing(run, state, at) : runs.endOf(now));
        });
    }

    private Optional<EndedOperation> tellEnd(Run run) {
        return HubOperation.of(run.orchestration()).map(operation -> {
            EndedOperation end = runs.endOf(run);
            tellEnd(operation, run, end);
            return end;
        });
    }

    private void tellEnd(HubOperation operation, Run run, EndedOperation end) {
        tellStart(run);
        events.ended(operation, run, end);
    }

    private Map<String, @Nullable Object> metrics() {
        // Whoever has seen a result finds it counted. In its turn, so that no start is told behind its end.
        inTurn(() -> ends.count(this::tellEnd)).join();
        HubFigures figures = ends.figures();
        for (Run run : runs.standing()) {
            figures = figures.plus(runs.endOf(run));
        }
        Map<String, @Nullable Object> document = new LinkedHashMap<>(figures.document());
        document.put("serviceAvailability", health.availability());
        Instant lastCheck = health.lastCheck();
        document.put("lastHealthCheck", lastCheck == null ? null : lastCheck.toString());
        document.put("uptime", ManagementFactory.getRuntimeMXBean().getUptime());
        return document;
    }

    /** The body: what each service is, and what that makes of the whole. */
    private ControlAnswer checked(ControlRequest request) {
        try {
            health.checked(request.body(), clock.instant(), events::healthChanged);
        } catch (RuntimeException e) {
            // Who asks how the services are gets to know it all the same.
            LOG.warn("The health of services has changed, which the next check tells: {}", e.toString());
        }
        return ControlAnswer.flat(request.body());
    }
}
