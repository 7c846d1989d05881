package dev.segno.camel;

import dev.segno.run.Execution;
import dev.segno.run.Payload;
import dev.segno.run.Scopes;
import dev.segno.run.StepBody;
import dev.segno.run.StepCall;
import dev.segno.run.StepEnd;
import dev.segno.run.StepKey;
import dev.segno.run.StepRecord;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.camel.AsyncProducer;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.saga.CamelSagaCoordinator;
import org.apache.camel.saga.CamelSagaStep;
import org.apache.camel.support.DefaultExchange;
import org.jspecify.annotations.Nullable;

/**
 * One saga of a run. What it registers is on record before the work begins that it undoes; compensations are done in
 * reverse, one after the other, each a step of the run: tried again by the route's policy, recorded, and not repeated
 * after a crash. Thread-safe.
 */
final class RunSaga implements CamelSagaCoordinator {

    /** Segment of what undoes a saga, in front of the address of what is undone. */
    private static final String COMPENSATION = Scopes.COMPENSATION;

    /** Segment of what a saga does when it has come through. */
    private static final String COMPLETION = "completion";

    /** Something that was begun, and what belongs to it. */
    private record Registered(
            StepKey key,
            @Nullable Endpoint compensation,
            @Nullable Endpoint completion,
            Map<String, Object> options) {}

    private final RunSagaService service;
    private final CamelContext context;
    private final RunFrame frame;
    private final String id;

    /** Guarded by itself. */
    private final List<Registered> registered = new ArrayList<>();

    RunSaga(RunSagaService service, CamelContext context, RunFrame frame, String node) {
        this.service = service;
        this.context = context;
        this.frame = frame;
        this.id = frame.execution().id() + '/' + Scopes.child(frame.scope(), node);
    }

    @Override
    public String getId() {
        return id;
    }

    @Override
    public CompletableFuture<Void> beginStep(Exchange exchange, CamelSagaStep step) {
        RunFrame at = RunFrame.current(exchange);
        Endpoint compensation = step.getCompensation().orElse(null);
        Endpoint completion = step.getCompletion().orElse(null);
        if (at == null || (compensation == null && completion == null)) {
            return done();
        }
        StepKey key = StepKey.in(at.scope(), RunNode.sagaNode(exchange));
        StepCall call = new StepCall(key, at.sequentialScope(), at.scope(), at.step() != null, false);
        CompletableFuture<Void> begun = new CompletableFuture<>();
        at.execution()
                .sagas()
                .register(
                        call,
                        () -> Json.text(optionsOf(exchange, step)),
                        end -> begun(
                                exchange,
                                end,
                                options -> new Registered(key, compensation, completion, options),
                                begun));
        return begun;
    }

    private static Map<String, Object> optionsOf(Exchange exchange, CamelSagaStep step) {
        Map<String, Object> options = new LinkedHashMap<>();
        step.getOptions().forEach((name, expression) -> {
            Object value = expression.evaluate(exchange, Object.class);
            if (!Json.isWritable(value)) {
                throw new IllegalArgumentException("Option " + name + " of a saga holds a "
                        + value.getClass().getName() + ", which cannot be recorded; make it a string or JSON");
            }
            options.put(name, Json.plain(value));
        });
        return options;
    }

    private void begun(
            Exchange exchange,
            StepEnd end,
            Function<Map<String, Object>, Registered> registration,
            CompletableFuture<Void> begun) {
        if (end instanceof StepEnd.Replayed replayed
                && replayed.record().outcome() instanceof StepRecord.Registered record) {
            Map<String, Object> options = new LinkedHashMap<>();
            Json.readObject(record.options()).forEach((name, value) -> {
                if (value != null) {
                    options.put(name, value);
                }
            });
            synchronized (registered) {
                registered.add(registration.apply(options));
            }
            complete(begun);
        } else if (end instanceof StepEnd.Failed failed) {
            begun.completeExceptionally(failed.error());
        } else {
            RunStopped.mark(exchange);
            Throwable stopped = exchange.getException();
            begun.completeExceptionally(stopped == null ? new IllegalStateException("The run was stopped") : stopped);
        }
    }

    /** Undoes the saga, unless the run only goes no further here, or is to be parked where it failed. */
    @Override
    public CompletableFuture<Void> compensate(Exchange exchange) {
        service.ended(this);
        Throwable failure = exchange.getException();
        Execution execution = frame.execution();
        if (failure == null || failure instanceof RunStopped) {
            return done();
        }
        return execution.sagas().begin(failure, frame.caught()).thenCompose(begins -> {
            if (!begins) {
                return done();
            }
            List<Registered> reverse = registrations();
            Collections.reverse(reverse);
            return doAll(exchange, COMPENSATION, reverse, 0);
        });
    }

    @Override
    public CompletableFuture<Void> complete(Exchange exchange) {
        service.ended(this);
        if (frame.execution().isStopped()) {
            return done();
        }
        return doAll(exchange, COMPLETION, registrations(), 0);
    }

    private List<Registered> registrations() {
        synchronized (registered) {
            return new ArrayList<>(registered);
        }
    }

    private CompletableFuture<Void> doAll(Exchange exchange, String what, List<Registered> all, int index) {
        if (index == all.size()) {
            return done();
        }
        Registered next = all.get(index);
        Endpoint endpoint = what.equals(COMPENSATION) ? next.compensation() : next.completion();
        if (endpoint == null) {
            return doAll(exchange, what, all, index + 1);
        }
        StepKey key = StepKey.in(what, next.key().path());
        StepCall call = new StepCall(key, frame.sequentialScope(), frame.scope(), frame.step() != null, false);
        CompletableFuture<Void> ended = new CompletableFuture<>();
        frame.execution()
                .step(call, (attempt, done) -> send(endpoint, next, key, done), end -> ended(exchange, end, ended));
        return ended.thenCompose(ok -> doAll(exchange, what, all, index + 1));
    }

    private void send(Endpoint endpoint, Registered registration, StepKey key, Consumer<StepBody.Result> done) {
        Exchange target = new DefaultExchange(context);
        registration.options().forEach(target.getMessage()::setHeader);
        target.getMessage().setHeader(Exchange.SAGA_LONG_RUNNING_ACTION, id);
        frame.inside(key).applyTo(target);
        try {
            AsyncProducer producer = endpoint.createAsyncProducer();
            producer.start();
            producer.process(target, doneSync -> {
                producer.stop();
                done.accept(result(target));
            });
        } catch (Exception e) {
            target.setException(e);
            done.accept(result(target));
        }
    }

    private StepBody.Result result(Exchange target) {
        Throwable failure = target.getException();
        if (failure == null) {
            return new StepBody.Succeeded(Payload.NONE, null);
        }
        if (failure instanceof RunStopped) {
            return new StepBody.Abandoned();
        }
        return new StepBody.Failed(
                failure, Failures.verdict(failure), frame.policies().policyFor(target, failure));
    }

    private void ended(Exchange exchange, StepEnd end, CompletableFuture<Void> ended) {
        if (end instanceof StepEnd.Failed failed) {
            frame.execution().sagas().failed();
            ended.completeExceptionally(failed.error());
        } else if (end instanceof StepEnd.Stopped) {
            RunStopped.mark(exchange);
            Throwable stopped = exchange.getException();
            ended.completeExceptionally(stopped == null ? new RuntimeCamelException("The run was stopped") : stopped);
        } else if (end instanceof StepEnd.Replayed replayed
                && replayed.record().outcome() instanceof StepRecord.HandledFailure handled) {
            ended.completeExceptionally(Failures.recreate(handled));
        } else {
            complete(ended);
        }
    }

    private static CompletableFuture<Void> done() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        complete(done);
        return done;
    }

    @SuppressWarnings("NullAway") // the only value of Void
    private static void complete(CompletableFuture<Void> future) {
        future.complete(null);
    }
}
