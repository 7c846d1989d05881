package dev.segno.camel;

import dev.segno.control.Settings;
import dev.segno.control.SettingsException;
import dev.segno.run.Engine;
import dev.segno.run.Payload;
import dev.segno.run.RunConflict;
import dev.segno.run.RunResult;
import dev.segno.run.RunState;
import dev.segno.run.StartOutcome;
import dev.segno.run.StartRequest;
import dev.segno.run.StepKey;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.support.DefaultAsyncProducer;
import org.jspecify.annotations.Nullable;

/**
 * Starts runs. Answers after the run is durable ({@code mode=async}: with its id and state) or after it has ended
 * ({@code mode=sync}: with its output; with {@code wait=60s} outside of runs at most so much later, with the header
 * {@code SegnoTimedOut} then). A refused start comes back as data: {@link #OUTCOME} says what happened.
 */
final class OrchestrationProducer extends DefaultAsyncProducer {

    /**
     * Header with {@code started}, {@code queued}, {@code existing}, {@code conflict}, {@code busy} or {@code throttled}.
     */
    static final String OUTCOME = "SegnoOutcome";

    /** Header with the id of the run that was started, or that stands in the way. */
    static final String RUN_ID = "SegnoRunId";

    /** Header of a throttled start: the seconds after which another one makes sense. */
    static final String RETRY_AFTER = "Retry-After";

    /** How long a run waits for a child before it is written down that it does. */
    private static final Duration IN_MEMORY = Duration.ofSeconds(2);

    /** The longest time that {@code mode=wait} waits. */
    private static final Duration MOST_WAIT = Duration.ofMinutes(5);

    /** Header that says how long {@code mode=wait} waits for the end of a run. */
    static final String WAIT = "wait";

    /** Header with the start key of a run. */
    static final String START_KEY = "Idempotency-Key";

    private final OrchestrationEndpoint endpoint;
    private final OrchestrationComponent component;
    private final StartMessage message;

    OrchestrationProducer(OrchestrationEndpoint endpoint, OrchestrationComponent component) {
        super(endpoint);
        this.endpoint = endpoint;
        this.component = component;
        this.message = new StartMessage(endpoint, component.codec());
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        StartRequest request;
        try {
            request = message.requestOf(exchange);
        } catch (IllegalArgumentException e) {
            exchange.setException(e);
            callback.done(true);
            return true;
        }
        component.engine().start(request).whenComplete((start, error) -> {
            if (error != null) {
                exchange.setException(Failures.unwrap(error));
                callback.done(false);
            } else {
                started(exchange, start, callback);
            }
        });
        return false;
    }

    private void started(Exchange exchange, Engine.Start start, AsyncCallback callback) {
        StartOutcome outcome = start.outcome();
        if (outcome instanceof StartOutcome.Started started) {
            tell(exchange, started.runId());
            answer(exchange, start, "started", started.runId(), callback);
        } else if (outcome instanceof StartOutcome.Queued queued) {
            tell(exchange, queued.runId());
            answer(exchange, start, "queued", queued.runId(), callback);
        } else if (outcome instanceof StartOutcome.Throttled throttled) {
            exchange.getMessage()
                    .setHeader(RETRY_AFTER, Math.max(1, throttled.retryAfter().toSeconds()));
            refuse(exchange, "throttled", throttled.runId(), callback);
        } else if (outcome instanceof StartOutcome.Existing existing) {
            answer(exchange, start, "existing", existing.runId(), callback);
        } else if (outcome instanceof StartOutcome.KeyConflict conflict) {
            refuse(exchange, "conflict", conflict.runId(), callback);
        } else if (outcome instanceof StartOutcome.Busy busy) {
            if (exchange.getProperty(DurableAggregation.BATCH) != null) {
                // A batch comes again until it is a run.
                exchange.setException(new RunConflict("Run " + busy.runId() + " of the singleton '" + endpoint.name()
                        + "' is under way; the batch waits for its end"));
            }
            refuse(exchange, "busy", busy.runId(), callback);
        }
    }

    /** Puts on record who started a run. What a run starts is that run's own doing, and a caller without a name is nobody. */
    private void tell(Exchange exchange, String runId) {
        Endpoint from = exchange.getFromEndpoint();
        if (from == null || RunFrame.current(exchange) != null) {
            return;
        }
        String trigger = from.getEndpointBaseUri().replaceFirst("://", ":").replaceFirst(RouteVersions.AT + ".*", "");
        Message message = exchange.getMessage();
        String caller = message.getHeader("Segno-Caller", String.class);
        if (caller == null && trigger.startsWith("platform-http:")) {
            return;
        }
        String requestId = message.getHeader("Segno-Request-Id", String.class);
        component
                .trail()
                .started(
                        caller == null ? trigger : caller,
                        trigger,
                        endpoint.name(),
                        runId,
                        requestId == null ? runId : requestId);
    }

    private void answer(Exchange exchange, Engine.Start start, String outcome, String runId, AsyncCallback callback) {
        exchange.getMessage().setHeader(OUTCOME, outcome);
        exchange.getMessage().setHeader(RUN_ID, runId);
        RunState state = start.outcome() instanceof StartOutcome.Queued ? RunState.QUEUED : RunState.RUNNING;
        if (endpoint.mode() == OrchestrationEndpoint.Mode.ASYNC) {
            exchange.getMessage().setBody(summary(runId, outcome, state.name()));
            callback.done(false);
            return;
        }
        Map<String, @Nullable Object> underWay = summary(runId, outcome, state.name());
        RunFrame frame = RunFrame.current(exchange);
        if (endpoint.mode() == OrchestrationEndpoint.Mode.WAIT) {
            awaitState(exchange, start, underWay, callback);
        } else if (frame == null || frame.step() == null) {
            awaitOutput(exchange, start, underWay, callback);
        } else {
            awaitChild(exchange, frame, runId, callback);
        }
    }

    /** Waits for the end of a run, or for as long as somebody outside of runs wants to wait; he is told that it goes on. */
    private void awaitOutput(
            Exchange exchange, Engine.Start start, Map<String, @Nullable Object> underWay, AsyncCallback callback) {
        Duration most = endpoint.most();
        if (most == null) {
            start.ended().whenComplete((ended, error) -> ended(exchange, ended, error, callback));
            return;
        }
        endWithin(start, most).whenComplete((ended, error) -> {
            if (error != null) {
                exchange.setException(Failures.unwrap(error));
                callback.done(false);
            } else if (ended.isPresent()) {
                ended(exchange, ended.get(), null, callback);
            } else {
                exchange.getMessage().setHeader(AwaitComponent.TIMED_OUT, true);
                exchange.getMessage().setBody(underWay);
                callback.done(false);
            }
        });
    }

    /** As {@link #awaitOutput}, for as long as a header says, and whatever the end is: it is told by its state. */
    private void awaitState(
            Exchange exchange, Engine.Start start, Map<String, @Nullable Object> underWay, AsyncCallback callback) {
        String wait = exchange.getMessage().getHeader(WAIT, String.class);
        Duration most;
        try {
            most = wait == null ? Duration.ZERO : Settings.durationOf(WAIT, wait);
        } catch (SettingsException e) {
            exchange.setException(new IllegalArgumentException(e.getMessage(), e));
            callback.done(false);
            return;
        }
        endWithin(start, most.compareTo(MOST_WAIT) > 0 ? MOST_WAIT : most).whenComplete((ended, error) -> {
            if (error == null) {
                ended.ifPresent(result -> underWay.put("state", result.state().name()));
                exchange.getMessage().setBody(underWay);
            } else {
                exchange.setException(Failures.unwrap(error));
            }
            callback.done(false);
        });
    }

    /** The end of a run; empty when it does not come in time. */
    private CompletableFuture<Optional<RunResult>> endWithin(Engine.Start start, Duration most) {
        CompletableFuture<Optional<RunResult>> end = new CompletableFuture<>();
        start.ended().whenComplete((result, error) -> {
            if (error == null) {
                end.complete(Optional.of(result));
            } else {
                end.completeExceptionally(error);
            }
        });
        if (!end.isDone()) {
            component.engine().completeAfter(most, end, Optional.empty());
        }
        return end;
    }

    /**
     * A child run is waited for in memory first. One that takes longer lets its parent wait as at an await, where that
     * stands at one place: not while other branches are under way.
     */
    private void awaitChild(Exchange exchange, RunFrame frame, String child, AsyncCallback callback) {
        Engine engine = component.engine();
        CompletableFuture<RunResult> result = engine.finalResult(child);
        AtomicBoolean taken = new AtomicBoolean();
        result.whenComplete((ended, error) -> {
            if (taken.compareAndSet(false, true)) {
                ended(exchange, ended, error, callback);
            }
        });
        StepKey step = frame.step();
        if (result.isDone() || step == null || !frame.sequentialScope().isEmpty()) {
            return;
        }
        engine.after(IN_MEMORY, () -> {
            if (taken.compareAndSet(false, true)) {
                frame.execution().waits().awaitRun(step, child).whenComplete((stopped, error) -> {
                    if (error != null) {
                        exchange.setException(Failures.unwrap(error));
                        callback.done(false);
                    } else if (stopped) {
                        RunStopped.mark(exchange);
                        callback.done(false);
                    } else {
                        result.whenComplete((ended, failure) -> ended(exchange, ended, failure, callback));
                    }
                });
            }
        });
    }

    private void ended(Exchange exchange, RunResult result, @Nullable Throwable error, AsyncCallback callback) {
        if (error != null) {
            exchange.setException(Failures.unwrap(error));
        } else if (result.state() == RunState.RUNNING && isStopped(exchange)) {
            // This node goes down, and with it the run that waits here.
            RunStopped.mark(exchange);
        } else {
            finish(exchange, result);
        }
        callback.done(false);
    }

    private static boolean isStopped(Exchange exchange) {
        RunFrame frame = RunFrame.current(exchange);
        return frame != null && frame.execution().isStopped();
    }

    private void finish(Exchange exchange, RunResult result) {
        if (result.state() == RunState.COMPLETED) {
            Payload output = result.output();
            exchange.getMessage()
                    .setBody(output == null ? null : component.codec().value(output));
        } else {
            exchange.setException(new RunNotCompleted(result));
        }
    }

    private static void refuse(Exchange exchange, String outcome, String runId, AsyncCallback callback) {
        exchange.getMessage().setHeader(OUTCOME, outcome);
        exchange.getMessage().setHeader(RUN_ID, runId);
        exchange.getMessage().setBody(summary(runId, outcome, null));
        callback.done(false);
    }

    private static Map<String, @Nullable Object> summary(String runId, String outcome, @Nullable String state) {
        Map<String, @Nullable Object> summary = new LinkedHashMap<>();
        summary.put("runId", runId);
        summary.put("outcome", outcome);
        if (state != null) {
            summary.put("state", state);
        }
        return summary;
    }
}
