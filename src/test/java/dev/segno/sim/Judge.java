package dev.segno.sim;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.segno.run.Orchestration.Durability;
import dev.segno.run.Payload;
import dev.segno.run.Run;
import dev.segno.run.RunState;
import dev.segno.run.RunStore;
import dev.segno.run.StepRecord;
import dev.segno.sim.Expectation.Attribute;
import dev.segno.sim.Expectation.Effect;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Compares what has come of all runs with what the model says, and with what the service saw. */
final class Judge {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** What is taken for true before a run has ended. */
    static final Model.Facts ASSUMED = new Model.Facts() {
        @Override
        public boolean signalled(String await) {
            return true;
        }

        @Override
        public Model.Facts ofChild(String step) {
            return this;
        }
    };

    private final Trace trace;
    private final Watch watch;
    private final Service service;
    private final RunStore disk;

    Judge(Trace trace, Watch watch, Service service, RunStore disk) {
        this.trace = trace;
        this.watch = watch;
        this.service = service;
        this.disk = disk;
    }

    /** What the journal says of a run. */
    private final class Recorded implements Model.Facts {
        private final @Nullable KnownRun run;

        Recorded(@Nullable KnownRun run) {
            this.run = run;
        }

        @Override
        public boolean signalled(String await) {
            return run != null
                    && disk.journal(run.id).stream()
                            .anyMatch(record -> record.key().path().equals(await)
                                    && record.outcome() instanceof StepRecord.Signalled);
        }

        @Override
        public Model.Facts ofChild(String step) {
            return new Recorded(
                    run == null ? null : watch.startedBy(run.id, step).orElse(null));
        }
    }

    /** @param acknowledged ids of the runs whose starts were answered */
    void judge(List<String> acknowledged) {
        for (String id : acknowledged) {
            if (disk.find(id).isEmpty()) {
                trace.violated("Run " + id + " was acknowledged and is lost");
            }
        }
        watch.runs().forEach(this::judge);
    }

    private void judge(KnownRun run) {
        Run found = disk.find(run.id).orElse(null);
        if (found == null || found.state() != run.state) {
            trace.violated(run.id + " is " + (found == null ? "lost" : found.state()) + " and was " + run.state);
            return;
        }
        Expectation expected = Model.of(run.program, run.input, new Recorded(run));
        boolean wasCancelled = found.state() == RunState.CANCELLED && mayBeCancelled(run);
        if (!wasCancelled) {
            same(run, "state", expected.state(), found.state());
            same(run, "output", expected.output(), output(found.output()));
            expected.children().forEach((step, child) -> same(run, "child " + step, true, isThere(run, step)));
        }
        effects(run, expected, wasCancelled);
        attributes(run, found, expected, wasCancelled);
        records(run);
        if (run.parent != null) {
            origin(run, run.parent.runId(), run.parent.step().path());
        }
    }

    private boolean isThere(KnownRun run, String step) {
        return watch.startedBy(run.id, step).isPresent();
    }

    private void origin(KnownRun run, String parentId, String step) {
        KnownRun parent = watch.run(parentId);
        boolean belongs = parent != null
                && Model.of(parent.program, parent.input, new Recorded(parent))
                        .children()
                        .containsKey(step);
        same(run, "origin", true, belongs);
    }

    private boolean mayBeCancelled(KnownRun run) {
        KnownRun parent = run.parent == null ? null : watch.run(run.parent.runId());
        return run.cancelAsked || (parent != null && parent.cancelAsked);
    }

    private static OptionalLong output(@Nullable Payload output) {
        return output == null ? OptionalLong.empty() : OptionalLong.of(Values.body(output));
    }

    private void effects(KnownRun run, Expectation expected, boolean wasCancelled) {
        for (String path : service.calledBy(run.id)) {
            if (!expected.effects().containsKey(path)) {
                trace.violated(run.id + '/' + path + " was called, and should not have been");
            }
        }
        expected.effects().forEach((path, effect) -> {
            Service.Calls calls = service.of(run.id, path);
            if (calls != null) {
                effect(run, expected, path, effect, calls, wasCancelled);
            } else if (effect.certain() && !wasCancelled) {
                trace.violated(run.id + '/' + path + " was never called");
            }
        });
    }

    private void effect(
            KnownRun run, Expectation expected, String path, Effect effect, Service.Calls calls, boolean wasCancelled) {
        same(run, "request of " + path, effect.request(), calls.body);
        if (effect.certain() && !wasCancelled) {
            same(run, "effect of " + path, effect.done(), calls.done > 0);
        }
        for (String earlier : effect.after()) {
            Service.Calls before = service.of(run.id, earlier);
            Effect other = expected.effects().get(earlier);
            if (other != null && other.certain() && effect.certain()) {
                boolean isRelaxed = run.program.options().durability() == Durability.RELAXED;
                if (before == null || (isRelaxed ? before.firstAsked : before.lastAsked) > calls.firstAsked) {
                    trace.violated(run.id + '/' + path + " was called before " + earlier + " was done");
                }
            }
        }
    }

    private void attributes(KnownRun run, Run found, Expectation expected, boolean wasCancelled) {
        JsonNode there;
        try {
            there = JSON.readTree(found.attributes());
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
        there.fieldNames().forEachRemaining(name -> {
            Attribute attribute = expected.attributes().get(name);
            if (attribute == null || attribute.value() != there.path(name).asLong()) {
                trace.violated(run.id + " attribute " + name + ": " + there.path(name) + " instead of " + attribute);
            }
        });
        expected.attributes().forEach((name, attribute) -> {
            if (attribute.certain() && !wasCancelled && !there.has(name)) {
                trace.violated(run.id + " attribute " + name + " is missing");
            }
        });
    }

    private void records(KnownRun run) {
        Set<String> keys = new HashSet<>();
        for (StepRecord record : disk.journal(run.id)) {
            if (!keys.add(record.key().path())) {
                trace.violated(run.id + " has two records of " + record.key());
            }
        }
        if (!keys.equals(run.recorded) && !run.recorded.stream().allMatch(keys::contains)) {
            trace.violated(run.id + " has records of " + keys + ", and acknowledged were " + run.recorded);
        }
    }

    private void same(KnownRun run, String what, Object expected, Object found) {
        if (!expected.equals(found)) {
            trace.violated(run.id + ' ' + what + ": " + found + " instead of " + expected);
        }
    }
}
