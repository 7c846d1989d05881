package dev.segno.sim;

import dev.segno.run.Engine;
import dev.segno.run.Run;
import dev.segno.run.RunConflict;
import dev.segno.run.RunState;
import dev.segno.run.RunStore;
import dev.segno.run.SettableClock;
import dev.segno.run.Signal;
import dev.segno.run.SignalOutcome;
import dev.segno.run.StartRequest;
import dev.segno.run.StepError;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Those outside who want something of runs: clients start them, ask again until they get an answer, and send signals, early,
 * late and twice; operators cancel, repair and retry, or give up.
 */
final class People {

    private static final int MOST_STARTED = 2;

    private record Wish(String name, Runnable act) {}

    private final Random random;
    private final Trace trace;
    private final Watch watch;
    private final Service service;
    private final RunStore disk;
    private final Program program;
    private final SettableClock clock;

    /** Ids of the runs that were acknowledged, by their start key; null as long as one was not. */
    private final Map<String, @Nullable String> started = new LinkedHashMap<>();

    private final Map<String, Set<String>> toSignal = new LinkedHashMap<>();
    private final boolean cancels;

    /** What this process was asked and has not answered yet. */
    private final Set<String> open = new HashSet<>();

    private int repeats = 3;
    private @Nullable Engine engine;
    private int asked;

    People(
            Random random,
            Trace trace,
            Watch watch,
            Service service,
            RunStore disk,
            Program program,
            SettableClock clock) {
        this.random = random;
        this.trace = trace;
        this.watch = watch;
        this.service = service;
        this.disk = disk;
        this.program = program;
        this.clock = clock;
        this.cancels = random.nextInt(6) == 0;
        for (int i = 1 + random.nextInt(MOST_STARTED); i > 0; i--) {
            started.put("start-" + i, null);
        }
    }

    /** A process has begun, and nobody will hear any more from the one before. */
    void callAt(Engine process) {
        engine = process;
        open.clear();
        asked++;
    }

    /** Ids of the runs that were acknowledged. */
    List<String> started() {
        List<String> ids = new ArrayList<>();
        started.values().forEach(id -> {
            if (id != null) {
                ids.add(id);
            }
        });
        return ids;
    }

    boolean haveStartedAll() {
        return started().size() == started.size();
    }

    boolean wantSomething() {
        return !wishes().isEmpty();
    }

    void act() {
        List<Wish> wishes = wishes();
        Wish wish = wishes.get(random.nextInt(wishes.size()));
        trace.add("people: " + wish.name());
        wish.act().run();
    }

    private List<Wish> wishes() {
        List<Wish> wishes = new ArrayList<>();
        started.forEach((key, id) -> {
            if (id == null) {
                wish(wishes, "start " + key, () -> start(key));
            } else if (repeats > 0) {
                wish(wishes, "start again " + key, () -> startAgain(key));
            }
        });
        for (KnownRun run : watch.runs()) {
            ofRun(run, wishes);
        }
        return wishes;
    }

    private void wish(List<Wish> wishes, String name, Runnable act) {
        if (!open.contains(name)) {
            wishes.add(new Wish(name, act));
        }
    }

    private void ofRun(KnownRun run, List<Wish> wishes) {
        if (run.state.isFinal()) {
            return;
        }
        for (String signal : signalsFor(run)) {
            if (!run.signalled.contains(signal)) {
                wish(wishes, "signal " + run.id + ' ' + signal, () -> signal(run, signal));
            } else if (repeats > 0) {
                wish(wishes, "signal again " + run.id + ' ' + signal, () -> signalAgain(run, signal));
            }
        }
        if (run.stands()) {
            wish(wishes, "mend " + run.id, () -> mend(run));
        }
        if (cancels && run.parent == null && !run.cancelAsked) {
            wish(wishes, "cancel " + run.id, () -> cancel(run));
        }
    }

    private Set<String> signalsFor(KnownRun run) {
        return toSignal.computeIfAbsent(
                run.id,
                id -> new LinkedHashSet<>(
                        Model.of(run.program, run.input, Judge.ASSUMED).signals()));
    }

    /** Sees that runs wait for signals that nobody had in mind; whether that is so. */
    boolean noticeWaits() {
        boolean found = false;
        for (KnownRun run : watch.runs()) {
            if (run.state == RunState.WAITING) {
                found |= disk.waitOf(run.id)
                        .filter(wait -> wait.signal() != null && wait.until() == null)
                        .map(wait -> signalsFor(run).add(String.valueOf(wait.signal())))
                        .orElse(false);
            }
        }
        return found;
    }

    private Engine engine() {
        if (engine == null) {
            throw new AssertionError("No process has begun");
        }
        return engine;
    }

    private <T> void ask(String name, CompletableFuture<T> answer, java.util.function.Consumer<T> heard) {
        int asking = asked;
        open.add(name);
        answer.whenComplete((value, error) -> {
            if (asking == asked) {
                open.remove(name);
                trace.add("people hear: " + name + ": " + (error == null ? value : error));
                if (error == null) {
                    heard.accept(value);
                }
            }
        });
    }

    private StartRequest request(String key) {
        return new StartRequest(program.name(), Values.payload(key.hashCode()), null, key);
    }

    private void start(String key) {
        ask(
                "start " + key,
                engine().start(request(key)).thenApply(start -> start.outcome().runId()),
                id -> started.put(key, id));
    }

    private void startAgain(String key) {
        repeats--;
        ask(
                "start again " + key,
                engine().start(request(key)).thenApply(start -> start.outcome().runId()),
                id -> {
                    if (!id.equals(started.get(key))) {
                        trace.violated(key + " has started " + started.get(key) + " and " + id);
                    }
                });
    }

    private Signal signalOf(KnownRun run, String name) {
        return new Signal(run.id, "id of " + name, name, Values.payload(Values.signal(name)), clock.instant());
    }

    private void signal(KnownRun run, String name) {
        ask("signal " + run.id + ' ' + name, engine().signal(signalOf(run, name)), outcome -> run.signalled.add(name));
    }

    private void signalAgain(KnownRun run, String name) {
        repeats--;
        ask("signal again " + run.id + ' ' + name, engine().signal(signalOf(run, name)), outcome -> {
            if (outcome instanceof SignalOutcome.Delivered || outcome instanceof SignalOutcome.Kept) {
                trace.violated("Signal " + name + " of " + run.id + " is taken twice: " + outcome);
            }
        });
    }

    private void cancel(KnownRun run) {
        run.cancelAsked = true;
        attempt(() -> ask("cancel " + run.id, engine().cancel(run.id), result -> {
            run.cancelAnswered = result.state() == RunState.CANCELLED;
        }));
    }

    /** Repairs that at which a run stands, and retries it; or gives it up. */
    private void mend(KnownRun run) {
        Run found = disk.find(run.id).orElseThrow();
        StepError error = found.error();
        String step = error == null ? null : error.step();
        boolean helps = !run.program.isGivenUp() && step != null && service.of(run.id, step) != null;
        attempt(() -> {
            if (helps && step != null) {
                service.repair(run.id, step);
                trace.add("repaired " + step);
                ask("mend " + run.id, engine().retry(run.id), done -> {});
            } else {
                if (run.state == RunState.BLOCKED && !run.isGivenUp) {
                    trace.violated(run.id + " is blocked: " + error);
                }
                run.isGivenUp = true;
                trace.add("given up at " + error);
                ask("mend " + run.id, engine().deadLetters().giveUp(run.id), done -> {});
            }
        });
    }

    /** What is refused at once has come too late. */
    private void attempt(Runnable act) {
        try {
            act.run();
        } catch (RunConflict e) {
            trace.add("people hear: " + e.getMessage());
        }
    }
}
