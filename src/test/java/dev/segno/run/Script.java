package dev.segno.run;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** An orchestration in plain Java: what a route comes to in calls of the engine. */
record Script(String name, String version, Options options, Op route, DrivenNode.Effects effects)
        implements Orchestration {

    /** Part of a script; calls {@code done} with a failure, or with null. */
    @FunctionalInterface
    interface Op {
        void run(Walk at, Consumer<@Nullable Throwable> done);
    }

    /** Where a script stands. */
    record Walk(Execution execution, DrivenNode.Effects effects, String scope, String sequentialScope, boolean inside) {
        Walk in(String segment) {
            return new Walk(execution, effects, Scopes.child(scope, segment), sequentialScope, inside);
        }

        Walk branch(String segment, boolean parallel) {
            String branch = Scopes.child(scope, segment);
            return new Walk(execution, effects, branch, parallel ? branch : sequentialScope, inside);
        }

        Walk inStep(StepKey key) {
            return new Walk(execution, effects, key.path(), sequentialScope, true);
        }
    }

    /** The run goes no further; no clause takes it. */
    static final class Stopped extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    static Script of(String name, DrivenNode.Effects effects, Op route) {
        return new Script(name, "v1", Options.DEFAULT, route, effects);
    }

    Script with(Options other) {
        return new Script(name, version, other, route, effects);
    }

    Script version(String other, Op otherRoute) {
        return new Script(name, other, options, otherRoute, effects);
    }

    @Override
    public void execute(Execution execution) {
        route.run(new Walk(execution, effects, "", "", false), failure -> {
            if (failure == null) {
                execution.completed(DrivenNode.Effects.text("output"));
            } else {
                execution.failed(failure);
            }
        });
    }

    static Op sequence(Op... ops) {
        return (at, done) -> next(List.of(ops), 0, at, done);
    }

    private static void next(List<Op> ops, int index, Walk at, Consumer<@Nullable Throwable> done) {
        if (index == ops.size()) {
            done.accept(null);
            return;
        }
        ops.get(index).run(at, failure -> {
            if (failure != null || at.execution().isStopped()) {
                done.accept(failure == null ? new Stopped() : failure);
            } else {
                next(ops, index + 1, at, done);
            }
        });
    }

    static Op step(String id) {
        return step(id, false, (at, key, attempt, done) -> at.effects().perform(key, attempt, done));
    }

    /** A step after which no other follows. */
    static Op lastStep(String id) {
        return step(id, true, (at, key, attempt, done) -> at.effects().perform(key, attempt, done));
    }

    /** A step with others in it, tried as the policy says. */
    static Op outer(String id, RetryPolicy policy, Op inner) {
        return step(id, false, (at, key, attempt, done) -> {
            at.effects().perform(key, attempt, own -> {});
            inner.run(at.inStep(key), failure -> {
                if (failure instanceof Stopped) {
                    done.accept(new StepBody.Abandoned());
                } else if (failure != null) {
                    done.accept(DrivenNode.Effects.failed(failure, Verdict.RETRY, policy));
                } else {
                    done.accept(DrivenNode.Effects.done(key.path()));
                }
            });
        });
    }

    /** Waits for a signal, or for the time alone when that is null. */
    static Op await(String id, @Nullable String signal, @Nullable Duration atMost) {
        return (at, done) -> {
            StepKey key = StepKey.in(at.scope(), id);
            StepCall call = new StepCall(key, at.sequentialScope(), at.scope(), false, false);
            at.execution()
                    .waits()
                    .await(
                            call,
                            signal,
                            atMost,
                            end -> done.accept(end instanceof StepEnd.Stopped ? new Stopped() : null));
        };
    }

    private interface Try {
        void perform(Walk at, StepKey key, int attempt, Consumer<StepBody.Result> done);
    }

    private static Op step(String id, boolean last, Try work) {
        return (at, done) -> {
            StepKey key = StepKey.in(at.scope(), id);
            StepCall call = new StepCall(key, at.sequentialScope(), at.scope(), at.inside(), last);
            at.execution().step(call, (attempt, result) -> work.perform(at, key, attempt, result), end -> {
                if (end instanceof StepEnd.Failed failed) {
                    done.accept(failed.error());
                } else if (end instanceof StepEnd.Stopped) {
                    done.accept(new Stopped());
                } else if (end instanceof StepEnd.Replayed replayed
                        && replayed.record().outcome() instanceof StepRecord.HandledFailure handled) {
                    Throwable again = new IllegalStateException(handled.error().message());
                    at.execution().failureReplayed(call, handled, again);
                    done.accept(again);
                } else {
                    done.accept(null);
                }
            });
        };
    }

    /** A saga with one part, which a step undoes that has its id. */
    static Op saga(String id, Op body) {
        return (at, done) -> {
            StepKey key = StepKey.in(at.scope(), id);
            StepCall call = new StepCall(key, at.sequentialScope(), at.scope(), at.inside(), false);
            Op undo = step(id);
            at.execution().sagas().register(call, () -> "{}", end -> {
                if (end instanceof StepEnd.Stopped) {
                    done.accept(new Stopped());
                    return;
                }
                body.run(at, failure -> {
                    if (failure == null || failure instanceof Stopped) {
                        done.accept(failure);
                    } else {
                        at.execution().sagas().begin(failure, false).thenAccept(begins -> {
                            if (begins) {
                                undo.run(at.in(Scopes.COMPENSATION), notUndone -> done.accept(failure));
                            } else {
                                done.accept(failure);
                            }
                        });
                    }
                });
            });
        };
    }

    /** Fails outside of any step. */
    static Op fail(Throwable failure) {
        return (at, done) -> done.accept(failure);
    }

    /** The run ends here and goes on as a fresh one. */
    static Op goOnAfresh(String input) {
        return (at, done) -> {
            at.execution().goOnAfresh(DrivenNode.Effects.text(input));
            done.accept(new Stopped());
        };
    }

    /** Does something without an effect. */
    static Op then(Consumer<Execution> action) {
        return (at, done) -> {
            action.accept(at.execution());
            done.accept(null);
        };
    }

    /** Decides anew each time. */
    static Op when(Supplier<Boolean> condition, Op yes, Op no) {
        return (at, done) -> (condition.get() ? yes : no).run(at, done);
    }

    static Op call(String segment, Op route) {
        return (at, done) -> route.run(at.in(segment), done);
    }

    static Op doTry(Op body, String clause, Op handler) {
        return (at, done) -> body.run(at, failure -> {
            if (failure == null || failure instanceof Stopped) {
                done.accept(failure);
            } else {
                at.execution().failureTaken(failure, clause);
                handler.run(at, done);
            }
        });
    }

    static Op doFinally(Op body, Op last) {
        return (at, done) -> body.run(at, failure -> {
            if (failure instanceof Stopped) {
                done.accept(failure);
                return;
            }
            Walk inside = failure != null && at.execution().isFailurePending(failure)
                    ? at.in(at.execution().beginHandler(at.scope(), Scopes.DO_FINALLY, null, failure))
                    : at;
            last.run(inside, later -> done.accept(later == null ? failure : later));
        });
    }

    /** {@code onException}; goes on behind the body if it handles, and fails otherwise. */
    static Op onException(Op body, String clause, boolean handles, Op handler) {
        return (at, done) -> body.run(at, failure -> {
            if (failure == null || failure instanceof Stopped) {
                done.accept(failure);
                return;
            }
            if (handles) {
                at.execution().failureTaken(failure, clause);
            }
            String segment = at.execution().beginHandler(at.scope(), Scopes.ON_EXCEPTION, clause, failure);
            handler.run(at.in(segment), later -> done.accept(later != null ? later : handles ? null : failure));
        });
    }

    /** Branches one after the other. A failing one ends the container, or the others go on and it is passed over. */
    static Op split(String id, boolean stopsOnFirst, Op... branches) {
        return (at, done) -> splitFrom(0, id, stopsOnFirst, List.of(branches), at, done);
    }

    private static void splitFrom(
            int index,
            String id,
            boolean stopsOnFirst,
            List<Op> branches,
            Walk at,
            Consumer<@Nullable Throwable> done) {
        if (index == branches.size()) {
            done.accept(null);
            return;
        }
        branches.get(index).run(at.branch(id + '[' + index + ']', !stopsOnFirst), failure -> {
            if (failure != null && (stopsOnFirst || failure instanceof Stopped)) {
                at.execution().abandonBranches(Scopes.child(at.scope(), id), () -> done.accept(failure));
            } else {
                splitFrom(index + 1, id, stopsOnFirst, branches, at, done);
            }
        });
    }

    /** Branches at the same time; ends with the first that fails, while others may be under way. */
    static Op parallel(String id, Op... branches) {
        return (at, done) -> {
            AtomicInteger open = new AtomicInteger(branches.length);
            AtomicReference<@Nullable Throwable> first = new AtomicReference<>();
            for (int i = 0; i < branches.length; i++) {
                branches[i].run(at.branch(id + '[' + i + ']', true), failure -> {
                    if (failure != null && first.compareAndSet(null, failure)) {
                        at.execution().abandonBranches(Scopes.child(at.scope(), id), () -> done.accept(failure));
                    } else if (open.decrementAndGet() == 0 && first.get() == null) {
                        done.accept(null);
                    }
                });
            }
        };
    }
}
