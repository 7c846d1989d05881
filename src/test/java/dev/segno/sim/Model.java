package dev.segno.sim;

import dev.segno.run.Orchestration.OnFailure;
import dev.segno.run.RunState;
import dev.segno.run.Scopes;
import dev.segno.sim.Expectation.Attribute;
import dev.segno.sim.Expectation.Effect;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Executes a program as if nothing could go wrong but what is written in it: no crash, no journal, nothing at the same time.
 * Steps that people repair are executed again from the program's start.
 */
final class Model {

    /** What the program does not decide. */
    interface Facts {

        /** Whether a signal came before the time of an await was up. */
        boolean signalled(String await);

        /** What is true of the run that a step has started. */
        Facts ofChild(String step);
    }

    /** A failure, and the steps of which one has brought it about; empty when repairing would not help. */
    private static final class Failed extends Exception {
        private static final long serialVersionUID = 1L;

        private final transient Set<String> steps;

        Failed(Set<String> steps) {
            this.steps = steps;
        }
    }

    /** What a saga has to undo. */
    private record Undo(String path, long option, Part.Saga saga) {}

    /** A saga under way, and whether it stands in a doTry. */
    private record Coordinator(boolean inTry, List<Undo> undos) {}

    /** Where a part stands. */
    private record Place(
            String scope, boolean inTry, @Nullable Coordinator saga) {
        Place in(String segment) {
            return new Place(Scopes.child(scope, segment), inTry, saga);
        }

        String path(String id) {
            return Scopes.child(scope, id);
        }
    }

    private final Program program;
    private final Facts facts;
    private final Set<String> repaired = new HashSet<>();
    private final Expectation expected = Expectation.empty();

    private final Set<String> failedForGood = new HashSet<>();

    /** Steps that come right before the next one. */
    private Set<String> before = Set.of();

    private boolean certain = true;

    /** Whether a saga was undone that the run as a whole stands for, and whether any was. */
    private boolean undone;

    private boolean anythingUndone;
    private boolean isUndoing;

    private Model(Program program, Facts facts) {
        this.program = program;
        this.facts = facts;
    }

    static Expectation of(Program program, long input, Facts facts) {
        return new Model(program, facts).execute(input);
    }

    private Expectation execute(long input) {
        boolean givenUp = false;
        while (true) {
            before = Set.of();
            undone = false;
            anythingUndone = false;
            isUndoing = givenUp || program.options().onFailure() == OnFailure.COMPENSATE;
            try {
                long output = run(program.route(), input, new Place("", false, null));
                return expected.endsAs(RunState.COMPLETED, OptionalLong.of(output));
            } catch (Failed failure) {
                boolean atCompensation =
                        failure.steps.stream().anyMatch(step -> step.startsWith(Scopes.COMPENSATION + '/'));
                boolean parks = atCompensation || (program.options().onFailure() == OnFailure.PARK && !givenUp);
                if ((undone || (givenUp && anythingUndone)) && !atCompensation) {
                    return ended(RunState.COMPENSATED);
                } else if (!parks) {
                    return ended(RunState.FAILED);
                } else if (!program.isGivenUp() && !failure.steps.isEmpty()) {
                    repaired.addAll(failure.steps);
                } else if (atCompensation) {
                    return ended(RunState.FAILED);
                } else {
                    givenUp = true;
                }
            }
        }
    }

    private Expectation ended(RunState state) {
        return expected.endsAs(state, OptionalLong.empty());
    }

    private long run(Part part, long body, Place at) throws Failed {
        if (part instanceof Part.Step step) {
            return call(at.path(step.id()), body, step.fate());
        } else if (part instanceof Part.Outer outer) {
            return run(outer.body(), body, at.in(outer.id()));
        } else if (part instanceof Part.Sequence sequence) {
            long result = body;
            for (Part next : sequence.parts()) {
                result = run(next, result, at);
            }
            return result;
        } else if (part instanceof Part.Loop loop) {
            long result = body;
            for (int i = 0; i < loop.times(); i++) {
                result = run(loop.body(), result, at.in(loop.id() + '[' + i + ']'));
            }
            return result;
        } else if (part instanceof Part.Split split) {
            return split(split, body, at);
        } else if (part instanceof Part.Choice choice) {
            return run(((body >> choice.bit()) & 1) == 1 ? choice.yes() : choice.no(), body, at);
        } else if (part instanceof Part.Try attempt) {
            return attempt(attempt, body, at);
        } else if (part instanceof Part.Call call) {
            return run(call.body(), body, at.in(call.id()));
        } else if (part instanceof Part.Await await) {
            return await(await, body, at.path(await.id()));
        } else if (part instanceof Part.Saga saga) {
            return saga(saga, body, at);
        } else if (part instanceof Part.Child child) {
            return child(child, body, at.path(child.id()));
        }
        throw new AssertionError(part);
    }

    private long call(String path, long body, Part.Fate fate) throws Failed {
        boolean works = !fate.forGood() || repaired.contains(path);
        expected.effects().merge(path, new Effect(body, certain, certain && works, before), Effect::or);
        before = Set.of(path);
        attribute(path + " asked", body);
        if (!works) {
            failedForGood.add(path);
            throw new Failed(Set.of(path));
        }
        long answer = Values.mix(body, path);
        attribute(path, answer);
        return answer;
    }

    private void attribute(String name, long value) {
        expected.attributes().merge(name, new Attribute(value, certain), Attribute::or);
    }

    private long attempt(Part.Try attempt, long body, Place at) throws Failed {
        try {
            return run(attempt.body(), body, new Place(at.scope(), true, at.saga()));
        } catch (Failed failure) {
            return run(attempt.handler(), body, at);
        }
    }

    private long await(Part.Await await, long body, String path) {
        boolean awaitsSignal = await.ending() == Part.Ending.SIGNAL || await.ending() == Part.Ending.EITHER;
        if (awaitsSignal) {
            expected.signals().add(path);
        }
        boolean signalled =
                await.ending() == Part.Ending.SIGNAL || (await.ending() == Part.Ending.EITHER && facts.signalled(path));
        return signalled ? Values.signal(path) : body;
    }

    private long split(Part.Split split, long body, Place at) throws Failed {
        Set<String> start = new LinkedHashSet<>(before);
        // What failed right before such a split may be tried again after a crash as long as the split goes on.
        start.removeAll(failedForGood);
        Set<String> ends = new LinkedHashSet<>();
        Set<String> failures = new LinkedHashSet<>();
        boolean together = split.branches() != Part.Branches.SEQUENTIAL;
        boolean wasCertain = certain;
        // Of branches at the same time that one failure ends, nobody knows how far they came.
        certain &= !(split.branches() == Part.Branches.PARALLEL && anyFails(split, body, at));
        long result = body;
        boolean failed = false;
        for (int i = 0; i < split.count(); i++) {
            if (together) {
                before = start;
            }
            String branch = split.id() + '[' + i + ']';
            try {
                result = Values.mix(result ^ run(split.body(), Values.branch(body, i), at.in(branch)), branch);
            } catch (Failed failure) {
                failed |= split.branches().stopsOnFirst();
                failures.addAll(failure.steps);
                result = Values.mix(result, "failed " + branch);
                if (split.branches() == Part.Branches.SEQUENTIAL) {
                    break;
                }
            }
            ends.addAll(before);
        }
        certain = wasCertain;
        before = together ? ends : before;
        if (failed) {
            throw new Failed(failures);
        }
        return result;
    }

    /** Whether a branch fails; tried on a model that is thrown away. */
    private boolean anyFails(Part.Split split, long body, Place at) {
        for (int i = 0; i < split.count(); i++) {
            Model trial = new Model(program, facts);
            trial.repaired.addAll(repaired);
            trial.isUndoing = isUndoing;
            try {
                trial.run(split.body(), Values.branch(body, i), at.in(split.id() + '[' + i + ']'));
            } catch (Failed failure) {
                return true;
            }
        }
        return false;
    }

    private long saga(Part.Saga saga, long body, Place at) throws Failed {
        String path = at.path(saga.id());
        Coordinator joined = at.saga();
        Coordinator coordinator = joined == null ? new Coordinator(at.inTry(), new ArrayList<>()) : joined;
        coordinator.undos().add(new Undo(path, body, saga));
        long result;
        try {
            result = run(saga.body(), body, new Place(at.scope(), at.inTry(), coordinator));
        } catch (Failed failure) {
            if (joined == null && (coordinator.inTry() || isUndoing)) {
                anythingUndone = true;
                undone |= !coordinator.inTry();
                for (int i = coordinator.undos().size() - 1; i >= 0; i--) {
                    Undo undo = coordinator.undos().get(i);
                    call(
                            Scopes.child(Scopes.COMPENSATION, undo.path()),
                            undo.option(),
                            undo.saga().compensation());
                }
            }
            throw failure;
        }
        if (joined == null) {
            for (Undo part : coordinator.undos()) {
                if (part.saga().completes()) {
                    call(Scopes.child("completion", part.path()), part.option(), Part.Fate.FINE);
                }
            }
        }
        return result;
    }

    private long child(Part.Child child, long body, String path) throws Failed {
        expected.children().put(path, child);
        if (!child.sync()) {
            return Values.mix(body, path);
        }
        Expectation end = of(child.program(), body, facts.ofChild(path));
        if (end.state() != RunState.COMPLETED) {
            throw new Failed(Set.of());
        }
        return end.output().orElseThrow();
    }
}
