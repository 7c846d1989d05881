package dev.segno.camel;

import com.github.f4b6a3.ulid.UlidCreator;
import dev.segno.run.Run;
import dev.segno.run.RunQuery;
import dev.segno.run.RunView;
import dev.segno.run.Signal;
import dev.segno.run.SignalOutcome;
import dev.segno.run.StepKey;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultAsyncProducer;
import org.jspecify.annotations.Nullable;

/**
 * Carries out one action on runs. The answer is a map: {@code run} (or {@code runs}), {@code found}, and
 * {@code uptimeMs} of the process. A refusal comes back as data with {@code refused}.
 */
final class RunsProducer extends DefaultAsyncProducer {

    private final RunsComponent.RunsEndpoint endpoint;
    private final RunsComponent component;

    RunsProducer(RunsComponent.RunsEndpoint endpoint, RunsComponent component) {
        super(endpoint);
        this.endpoint = endpoint;
        this.component = component;
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        if (endpoint.action() == RunsComponent.Action.SIGNAL) {
            signal(exchange, callback);
            return false;
        }
        try {
            exchange.getMessage().setBody(answer(exchange));
        } catch (RuntimeException e) {
            exchange.setException(e);
        }
        callback.done(true);
        return true;
    }

    /** Inside a step the key of the call is the signal's id, so that a repeated step sends no second one. */
    private void signal(Exchange exchange, AsyncCallback callback) {
        String name = endpoint.name();
        CompletableFuture<SignalOutcome> sent;
        String runId;
        try {
            String key = RunNode.idempotencyKey(exchange);
            runId = id(exchange);
            sent = component
                    .engine()
                    .signal(new Signal(
                            runId,
                            key == null ? UlidCreator.getMonotonicUlid().toString() : key,
                            name == null ? "" : name,
                            component.codec().inlineOf(exchange),
                            component.engine().now()));
        } catch (RuntimeException e) {
            exchange.setException(e);
            callback.done(false);
            return;
        }
        sent.whenComplete((outcome, error) -> {
            if (error != null) {
                exchange.setException(Failures.unwrap(error));
            } else {
                Map<String, @Nullable Object> answer = new LinkedHashMap<>();
                answer.put("runId", runId);
                answer.put("outcome", outcome.getClass().getSimpleName().toLowerCase(Locale.ROOT));
                exchange.getMessage().setBody(answer);
            }
            component.engine().after(Duration.ZERO, () -> callback.done(false));
        });
    }

    private Map<String, @Nullable Object> answer(Exchange exchange) {
        Map<String, @Nullable Object> answer = new LinkedHashMap<>();
        switch (endpoint.action()) {
            case TOKEN -> token(answer, exchange);
            case CONTINUE ->
                throw new IllegalStateException("runs:continue ends a run, between its steps; this is none");
            case SIGNAL -> throw new IllegalStateException("Signals are sent asynchronously");
            case LATEST -> one(answer, latest());
            case CURRENT -> one(answer, Optional.of(current(exchange)));
            case GET -> one(answer, Optional.of(id(exchange)));
            case LIST -> answer.put("runs", list());
            case CANCEL -> manage(answer, () -> component.engine().cancel(id(exchange)), id(exchange));
            case RETRY -> manage(answer, () -> component.engine().retry(id(exchange)), id(exchange));
        }
        answer.put("uptimeMs", ManagementFactory.getRuntimeMXBean().getUptime());
        return answer;
    }

    /** The await stands in the scope of the step that asks, which is where a route waits behind it. */
    private void token(Map<String, @Nullable Object> answer, Exchange exchange) {
        RunFrame frame = RunFrame.current(exchange);
        String await = endpoint.name();
        if (frame == null || await == null) {
            throw new IllegalStateException("runs:token gives away what belongs to a run, and this is none");
        }
        while (frame.step() != null) {
            frame = frame.outer();
        }
        String token = component.tokens().of(frame.execution().id(), StepKey.in(frame.scope(), await));
        answer.put("token", token);
        answer.put("path", "/api/signals/" + token);
    }

    private void one(Map<String, @Nullable Object> answer, Optional<String> id) {
        Optional<RunView> view = id.flatMap(found -> RunView.of(component.engine(), found));
        answer.put("found", view.isPresent());
        answer.put(
                "run",
                view.map(run -> RunDocument.of(run, component.codec(), endpoint.isWhole()))
                        .orElse(null));
    }

    private Optional<String> latest() {
        String orchestration = endpoint.orchestration();
        if (orchestration == null) {
            return Optional.empty();
        }
        RunQuery query =
                new RunQuery(Optional.of(orchestration), Optional.ofNullable(endpoint.state()), Optional.empty(), 1);
        return component.engine().store().list(query).stream().map(Run::id).findFirst();
    }

    private static String current(Exchange exchange) {
        RunFrame frame = RunFrame.current(exchange);
        if (frame == null) {
            throw new IllegalStateException("runs:current outside of a run; use runs:get with an id");
        }
        return frame.execution().id();
    }

    private List<Map<String, @Nullable Object>> list() {
        RunQuery query = new RunQuery(
                Optional.ofNullable(endpoint.orchestration()),
                Optional.ofNullable(endpoint.state()),
                Optional.empty(),
                endpoint.limit());
        return component.engine().store().list(query).stream()
                .map(run -> RunDocument.summary(run, component.engine()))
                .toList();
    }

    private static void manage(Map<String, @Nullable Object> answer, Runnable action, String id) {
        answer.put("runId", id);
        try {
            action.run();
            answer.put("refused", null);
        } catch (dev.segno.run.RunConflict | dev.segno.run.UnknownRun e) {
            answer.put("refused", e.getMessage());
        }
    }

    private String id(Exchange exchange) {
        String id = endpoint.id();
        if (id == null) {
            id = exchange.getMessage().getHeader(OrchestrationProducer.RUN_ID, String.class);
        }
        if (id == null) {
            throw new IllegalArgumentException(
                    "runs:" + endpoint.action() + " needs the option id or the header " + OrchestrationProducer.RUN_ID);
        }
        return id;
    }
}
