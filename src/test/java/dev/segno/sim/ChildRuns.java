package dev.segno.sim;

import dev.segno.run.Engine;
import dev.segno.run.ParentLink;
import dev.segno.run.RetryPolicy;
import dev.segno.run.RunResult;
import dev.segno.run.RunState;
import dev.segno.run.StartRequest;
import dev.segno.run.StepBody;
import dev.segno.run.StepCall;
import dev.segno.run.Verdict;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Steps that start runs, as the Camel side does it: waited for in memory first, and as a wait of the run then. */
record ChildRuns(Supplier<Engine> node) {

    private static final Duration IN_MEMORY = Duration.ofSeconds(2);

    /** A start may meet a full disk more often than a service is down. */
    private static final RetryPolicy PATIENT =
            new RetryPolicy(50, Duration.ofSeconds(1), 2, Duration.ofSeconds(10), 0.2);

    void start(Part.Child child, StepCall call, long body, Route.Place at, Consumer<StepBody.Result> tried) {
        Engine engine = node.get();
        String startKey = at.execution().id() + '/' + call.key();
        ParentLink parent = new ParentLink(
                at.execution().id(), call.key(), child.sync() ? ParentLink.Kind.CHILD : ParentLink.Kind.STARTED);
        engine.start(new StartRequest(child.program().name(), Values.payload(body), null, startKey, parent))
                .whenComplete((start, error) -> {
                    if (error != null) {
                        tried.accept(new StepBody.Failed(error, Verdict.RETRY, PATIENT));
                    } else if (child.sync()) {
                        await(engine, start.outcome().runId(), call, at, tried);
                    } else {
                        long answer = Values.mix(body, call.key().path());
                        tried.accept(new StepBody.Succeeded(Values.payload(answer), null));
                    }
                });
    }

    private static void await(
            Engine engine, String child, StepCall call, Route.Place at, Consumer<StepBody.Result> tried) {
        var result = engine.finalResult(child);
        AtomicBoolean taken = new AtomicBoolean();
        result.whenComplete((ended, error) -> {
            if (taken.compareAndSet(false, true)) {
                tried.accept(resultOf(at, ended, error));
            }
        });
        if (result.isDone() || !at.sequentialScope().isEmpty()) {
            return;
        }
        engine.after(IN_MEMORY, () -> {
            if (taken.compareAndSet(false, true)) {
                at.execution().waits().awaitRun(call.key(), child).whenComplete((stopped, error) -> {
                    if (error != null) {
                        tried.accept(new StepBody.Failed(error, Verdict.RETRY, PATIENT));
                    } else if (stopped) {
                        tried.accept(new StepBody.Abandoned());
                    } else {
                        result.whenComplete((ended, failure) -> tried.accept(resultOf(at, ended, failure)));
                    }
                });
            }
        });
    }

    private static StepBody.Result resultOf(Route.Place at, @Nullable RunResult ended, @Nullable Throwable error) {
        if (ended == null || error != null) {
            Throwable cause = error == null ? new IllegalStateException("No result") : error;
            return new StepBody.Failed(cause, Verdict.RETRY, PATIENT);
        }
        if (ended.state() == RunState.RUNNING && at.execution().isStopped()) {
            return new StepBody.Abandoned();
        }
        if (ended.state() == RunState.COMPLETED && ended.output() != null) {
            return new StepBody.Succeeded(ended.output(), null);
        }
        return new StepBody.Failed(
                new Route.ServiceFailed("Run " + ended.runId() + " is " + ended.state()),
                Verdict.NEVER,
                RetryPolicy.ONCE);
    }
}
