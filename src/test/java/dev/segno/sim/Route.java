package dev.segno.sim;

import dev.segno.run.Execution;
import dev.segno.run.Orchestration;
import dev.segno.run.RetryPolicy;
import dev.segno.run.Scopes;
import dev.segno.run.StepBody;
import dev.segno.run.StepCall;
import dev.segno.run.StepEnd;
import dev.segno.run.StepKey;
import dev.segno.run.StepRecord;
import dev.segno.run.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A program as the engine executes it: the calls of the engine that the Camel side makes for the same route, in the same
 * order.
 */
record Route(Program program, Service service, ChildRuns children, Faults faults) implements Orchestration {

    private static final RetryPolicy PATIENT =
            new RetryPolicy(Service.MOST_FAILURES + 1, Duration.ofSeconds(1), 2, Duration.ofSeconds(10), 0.2);

    /** A failure of the service. */
    static final class ServiceFailed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        ServiceFailed(String message) {
            super(message);
        }
    }

    /** The run goes no further; no clause takes it. */
    static final class Stopped extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** Goes on with the body that a part has left, or with its failure. */
    @FunctionalInterface
    interface Next {
        void go(long body, @Nullable Throwable failure);
    }

    /** Where a part stands in its run. */
    record Place(
            Execution execution,
            String scope,
            String sequentialScope,
            boolean inStep,
            boolean triedOnce,
            boolean caught,
            @Nullable Coordinator saga) {

        Place in(String segment, boolean separate) {
            String inside = Scopes.child(scope, segment);
            return new Place(execution, inside, separate ? inside : sequentialScope, inStep, triedOnce, caught, saga);
        }

        Place inside(StepKey step) {
            return new Place(execution, step.path(), sequentialScope, true, triedOnce, caught, saga);
        }

        Place tried() {
            return new Place(execution, scope, sequentialScope, inStep, true, true, saga);
        }

        Place handling() {
            return new Place(execution, scope, sequentialScope, inStep, true, caught, saga);
        }

        Place joined(Coordinator coordinator) {
            return new Place(execution, scope, sequentialScope, inStep, triedOnce, caught, coordinator);
        }

        StepCall call(String id, boolean last) {
            return call(StepKey.in(scope, id), last);
        }

        StepCall call(StepKey key, boolean last) {
            return new StepCall(key, sequentialScope, scope, inStep, last);
        }
    }

    @Override
    public String name() {
        return program.name();
    }

    @Override
    public String version() {
        return "v1";
    }

    @Override
    public Options options() {
        return program.options();
    }

    @Override
    public void execute(Execution execution) {
        Place start = new Place(execution, "", "", false, false, false, null);
        run(program.route(), Values.body(execution.run().input()), start, (body, failure) -> {
            if (failure == null) {
                execution.completed(Values.payload(body));
            } else {
                execution.failed(failure);
            }
        });
    }

    void run(Part part, long body, Place at, Next next) {
        if (at.execution().isStopped()) {
            next.go(body, new Stopped());
        } else if (part instanceof Part.Step step) {
            call(at, at.call(step.id(), step.last()), body, step.fate(), next);
        } else if (part instanceof Part.Outer outer) {
            outer(outer, body, at, next);
        } else if (part instanceof Part.Sequence sequence) {
            sequence(sequence.parts(), 0, body, at, next);
        } else if (part instanceof Part.Loop loop) {
            loop(loop, 0, body, at, next);
        } else if (part instanceof Part.Split split) {
            new Branching(this, split, body, at, next).begin();
        } else if (part instanceof Part.Choice choice) {
            run(((body >> choice.bit()) & 1) == 1 ? choice.yes() : choice.no(), body, at, next);
        } else if (part instanceof Part.Try attempt) {
            attempt(attempt, body, at, next);
        } else if (part instanceof Part.Call call) {
            run(call.body(), body, at.in(call.id(), false), next);
        } else if (part instanceof Part.Await await) {
            await(await, body, at, next);
        } else if (part instanceof Part.Saga saga) {
            Coordinator.enter(this, saga, body, at, next);
        } else if (part instanceof Part.Child child) {
            StepCall call = at.call(child.id(), false);
            AtomicLong result = new AtomicLong();
            at.execution()
                    .step(
                            call,
                            (attempt, tried) -> children.start(child, call, body, at, ended -> {
                                remember(ended, result);
                                tried.accept(ended);
                            }),
                            end -> leave(at, call, end, result.get(), next));
        } else {
            throw new AssertionError(part);
        }
    }

    private void sequence(List<Part> parts, int index, long body, Place at, Next next) {
        if (index == parts.size()) {
            next.go(body, null);
            return;
        }
        run(parts.get(index), body, at, (result, failure) -> {
            if (failure != null) {
                next.go(result, failure);
            } else {
                sequence(parts, index + 1, result, at, next);
            }
        });
    }

    private void loop(Part.Loop loop, int index, long body, Place at, Next next) {
        if (index == loop.times()) {
            next.go(body, null);
            return;
        }
        run(loop.body(), body, at.in(loop.id() + '[' + index + ']', false), (result, failure) -> {
            if (failure != null) {
                at.execution().abandonBranches(Scopes.child(at.scope(), loop.id()), () -> next.go(result, failure));
            } else {
                loop(loop, index + 1, result, at, next);
            }
        });
    }

    private void attempt(Part.Try attempt, long body, Place at, Next next) {
        run(attempt.body(), body, at.tried(), (result, failure) -> {
            if (failure == null || failure instanceof Stopped) {
                next.go(result, failure);
            } else {
                at.execution().failureTaken(failure, attempt.id());
                run(attempt.handler(), body, at.handling(), next);
            }
        });
    }

    private static void await(Part.Await await, long body, Place at, Next next) {
        StepCall call = at.call(await.id(), false);
        String signal = switch (await.ending()) {
            case SIGNAL, EITHER, TIME -> call.key().path();
            case SLEEP -> null;
        };
        Duration atMost = switch (await.ending()) {
            case SIGNAL -> null;
            case EITHER -> Duration.ofSeconds(5);
            case TIME, SLEEP -> Duration.ofSeconds(70);
        };
        at.execution().waits().await(call, signal, atMost, end -> {
            if (end instanceof StepEnd.Replayed replayed) {
                boolean signalled = replayed.record().outcome() instanceof StepRecord.Signalled;
                next.go(signalled ? bodyOf(replayed.record()) : body, null);
            } else {
                next.go(body, new Stopped());
            }
        });
    }

    private static long bodyOf(StepRecord record) {
        if (record.outcome() instanceof StepRecord.Completed completed) {
            return Values.body(completed.body());
        } else if (record.outcome() instanceof StepRecord.Signalled signalled) {
            return Values.body(signalled.body());
        }
        throw new AssertionError(record);
    }

    private void outer(Part.Outer outer, long body, Place at, Next next) {
        StepCall call = at.call(outer.id(), false);
        AtomicLong result = new AtomicLong();
        at.execution()
                .step(
                        call,
                        (attempt, tried) -> run(outer.body(), body, at.inside(call.key()), (inner, failure) -> {
                            StepBody.Result ended = new StepBody.Succeeded(Values.payload(inner), null);
                            if (failure instanceof Stopped) {
                                ended = new StepBody.Abandoned();
                            } else if (failure != null) {
                                // The inner step has used up its tries, and this one adds none.
                                ended = new StepBody.Failed(failure, Verdict.NEVER, RetryPolicy.ONCE);
                            }
                            remember(ended, result);
                            tried.accept(ended);
                        }),
                        end -> leave(at, call, end, result.get(), next));
    }

    /** Calls the service from a step. */
    void call(Place at, StepCall call, long body, Part.Fate fate, Next next) {
        AtomicLong result = new AtomicLong();
        at.execution().step(call, (attempt, tried) -> ask(at, call, body, fate, result, tried), end -> {
            leave(at, call, end, result.get(), next);
        });
    }

    private void ask(
            Place at, StepCall call, long body, Part.Fate fate, AtomicLong result, Consumer<StepBody.Result> tried) {
        String path = call.key().path();
        at.execution().attributes().set(path + " asked", body);
        boolean isTriedAgain = !at.triedOnce() || path.startsWith(Scopes.COMPENSATION);
        RetryPolicy policy = isTriedAgain ? PATIENT : RetryPolicy.ONCE;
        service.ask(new Service.Request(at.execution().id(), path, body, fate, isTriedAgain), answer -> {
            StepBody.Result ended;
            if (answer instanceof Service.Answered answered) {
                at.execution().attributes().set(path, answered.body());
                ended = new StepBody.Succeeded(Values.payload(answered.body()), null);
            } else {
                boolean passes = answer instanceof Service.Down;
                ended = new StepBody.Failed(
                        new ServiceFailed(path + " failed"), passes ? Verdict.RETRY : Verdict.NEVER, policy);
            }
            remember(ended, result);
            tried.accept(ended);
        });
    }

    private static void remember(StepBody.Result ended, AtomicLong result) {
        if (ended instanceof StepBody.Succeeded succeeded) {
            result.set(Values.body(succeeded.body()));
        }
    }

    private static void leave(Place at, StepCall call, StepEnd end, long result, Next next) {
        if (end instanceof StepEnd.Executed) {
            next.go(result, null);
        } else if (end instanceof StepEnd.Failed failed) {
            next.go(result, failed.error());
        } else if (end instanceof StepEnd.Replayed replayed) {
            if (replayed.record().outcome() instanceof StepRecord.HandledFailure handled) {
                Throwable again = new ServiceFailed(handled.error().message());
                at.execution().failureReplayed(call, handled, again);
                next.go(result, again);
            } else {
                next.go(bodyOf(replayed.record()), null);
            }
        } else {
            next.go(result, new Stopped());
        }
    }

    /** The branches of one split. */
    private static final class Branching {
        private final Route route;
        private final Part.Split split;
        private final long body;
        private final Place at;
        private final Next next;
        private final @Nullable Long[] results;
        private final AtomicInteger open;
        private @Nullable Throwable first;
        private boolean over;

        Branching(Route route, Part.Split split, long body, Place at, Next next) {
            this.route = route;
            this.split = split;
            this.body = body;
            this.at = at;
            this.next = next;
            this.results = new Long[split.count()];
            this.open = new AtomicInteger(split.count());
        }

        void begin() {
            if (split.branches().parallel()) {
                for (int i = 0; i < split.count(); i++) {
                    branch(i);
                }
            } else {
                branch(0);
            }
        }

        private void branch(int index) {
            Place inside = at.in(split.id() + '[' + index + ']', split.branches() != Part.Branches.SEQUENTIAL);
            route.run(
                    split.body(),
                    Values.branch(body, index),
                    inside,
                    (result, failure) -> ended(index, result, failure));
        }

        private void ended(int index, long result, @Nullable Throwable failure) {
            if (failure == null) {
                results[index] = result;
            } else if (failure instanceof Stopped || split.branches().stopsOnFirst()) {
                first = first == null ? failure : first;
            }
            boolean isLast = open.decrementAndGet() == 0;
            boolean ends = first != null
                    && (split.branches().stopsOnFirst() || !split.branches().parallel());
            if (ends || isLast) {
                end(first);
            } else if (!split.branches().parallel()) {
                branch(index + 1);
            }
        }

        private void end(@Nullable Throwable failure) {
            if (over) {
                return;
            }
            over = true;
            if (failure == null) {
                next.go(aggregated(), null);
            } else {
                at.execution().abandonBranches(Scopes.child(at.scope(), split.id()), () -> next.go(body, failure));
            }
        }

        private long aggregated() {
            long result = body;
            for (int i = 0; i < split.count(); i++) {
                String branch = split.id() + '[' + i + ']';
                Long ended = results[i];
                result = ended == null ? Values.mix(result, "failed " + branch) : Values.mix(result ^ ended, branch);
            }
            return result;
        }
    }
}
