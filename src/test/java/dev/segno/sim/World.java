package dev.segno.sim;

import dev.segno.run.Engine;
import dev.segno.run.Orchestration;
import dev.segno.run.Orchestrations;
import dev.segno.run.RunStore;
import dev.segno.run.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One random program and all that can happen to it: two processes that take over from each other after crashes and stops,
 * threads, timers, a disk, a network, and people. Everything that could happen next is known, and a seed picks one of it.
 * A task of a thread is not interrupted in its middle by others, only by nothing, or by the end of its process behind it.
 */
final class World implements Orchestrations {

    static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    private static final int MOST_EVENTS = 30_000;
    private static final int PATIENCE_WITH_A_STOP = 60;

    /** What can happen. */
    private enum Event {
        TASK,
        COMMIT,
        ANSWER_WRITE,
        ANSWER_CALL,
        PEOPLE,
        TIMER,
        CRASH,
        STOP,
        DISK
    }

    private record Timer(Instant due, Runnable task) {}

    private final Random random;
    private final RunStore disk;
    private final SettableClock clock;
    private final Faults faults;
    private final Trace trace = new Trace();
    private final Map<Event, Integer> weights = new EnumMap<>(Event.class);
    private final Map<String, Orchestration> routes = new LinkedHashMap<>();
    private final Program program;
    private final Watch watch;
    private final Service service;
    private final People people;
    private final String prefix;
    private final boolean inOrder;
    private final Engine[] node = new Engine[1];

    private List<Runnable> tasks = new ArrayList<>();
    private List<Timer> timers = new ArrayList<>();
    private SimulatedStore store;
    private int ids;
    private int processes;
    private int crashesLeft;
    private int shortagesLeft;
    private @Nullable CompletableFuture<Void> stopping;
    private int stoppingFor;

    /** @param disk the real store, which holds nothing that is not over */
    World(long seed, RunStore disk, SettableClock clock, Faults faults) {
        this.random = new Random(seed);
        this.prefix = "%016x".formatted(seed);
        this.disk = disk;
        this.clock = clock;
        this.faults = faults;
        clock.set(NOON);
        this.program = new ProgramWriter(prefix, random).write();
        this.watch = new Watch(trace, program.all());
        this.service = new Service(trace, faults, random, watch::isOver);
        ChildRuns children = new ChildRuns(() -> node[0]);
        for (Program each : program.all()) {
            routes.put(each.name(), new Route(each, service, children, faults));
        }
        this.people = new People(random, trace, watch, service, disk, program, clock);
        this.inOrder = random.nextBoolean();
        this.crashesLeft = random.nextInt(4);
        this.shortagesLeft = random.nextInt(3) == 0 ? 1 : 0;
        weigh(Event.TASK, 4, 20);
        weigh(Event.COMMIT, 1, 12);
        weigh(Event.ANSWER_WRITE, 1, 12);
        weigh(Event.ANSWER_CALL, 1, 12);
        weigh(Event.PEOPLE, 1, 6);
        weigh(Event.TIMER, 0, 2);
        weigh(Event.CRASH, 0, 2);
        weigh(Event.STOP, 0, 1);
        weigh(Event.DISK, 0, 1);
        this.store = newProcess();
    }

    private void weigh(Event event, int least, int most) {
        weights.put(event, least + random.nextInt(most - least + 1));
    }

    /** Lets everything happen, and judges it; the trace names what was wrong. */
    Trace run() {
        trace.add("program " + program);
        while (trace.violations().isEmpty() && step()) {
            if (trace.length() > MOST_EVENTS) {
                trace.violated("It does not come to an end");
            }
        }
        if (trace.violations().isEmpty()) {
            new Judge(trace, watch, service, disk).judge(people.started());
        }
        return trace;
    }

    private SimulatedStore newProcess() {
        processes++;
        trace.add("process " + (processes % 2 == 1 ? "A" : "B") + processes + " begins");
        List<Runnable> ownTasks = new ArrayList<>();
        List<Timer> ownTimers = new ArrayList<>();
        tasks = ownTasks;
        timers = ownTimers;
        stopping = null;
        SimulatedStore own = new SimulatedStore(disk, faults, trace, watch);
        Engine engine = new Engine(
                own.front(),
                this,
                clock,
                (delay, task) -> ownTimers.add(new Timer(clock.instant().plus(delay), task)),
                ownTasks::add,
                new Random(random.nextLong()),
                () -> "%s-%04d".formatted(prefix, ++ids));
        node[0] = engine;
        people.callAt(engine);
        ownTasks.add(engine::recover);
        return own;
    }

    /** Lets one thing happen; false when all is over. */
    private boolean step() {
        Event event = pick();
        if (event == null) {
            return quiet();
        }
        switch (event) {
            case TASK -> task();
            case COMMIT -> store.commit(random.nextInt(4) == 0 ? 1 + random.nextInt(store.queued()) : store.queued());
            case ANSWER_WRITE -> store.answer();
            case ANSWER_CALL -> service.answer();
            case PEOPLE -> people.act();
            case TIMER -> timer();
            case CRASH -> crash();
            case STOP -> stop();
            case DISK -> disk();
        }
        if (stopping != null && (stopping.isDone() || ++stoppingFor > PATIENCE_WITH_A_STOP)) {
            trace.add("process stops, all is " + (stopping.isDone() ? "done" : "not done"));
            end();
        }
        return true;
    }

    private @Nullable Event pick() {
        int all = 0;
        boolean busy = false;
        for (Event event : Event.values()) {
            int weight = isPossible(event) ? weight(event) : 0;
            all += weight;
            busy |= weight > 0 && event.compareTo(Event.TIMER) < 0;
        }
        if (!busy) {
            return null;
        }
        int rest = random.nextInt(all);
        for (Event event : Event.values()) {
            rest -= isPossible(event) ? weight(event) : 0;
            if (rest < 0) {
                return event;
            }
        }
        throw new AssertionError(all);
    }

    private int weight(Event event) {
        Integer weight = weights.get(event);
        return weight == null ? 0 : weight;
    }

    private boolean isPossible(Event event) {
        return switch (event) {
            case TASK -> !tasks.isEmpty();
            case COMMIT -> store.queued() > 0 && !store.isFull();
            case ANSWER_WRITE -> store.unanswered() > 0;
            case ANSWER_CALL -> service.inFlight() > 0;
            case PEOPLE -> people.wantSomething();
            case TIMER -> !timers.isEmpty();
            case CRASH -> crashesLeft > 0;
            case STOP -> crashesLeft > 0 && stopping == null;
            case DISK -> store.isFull() || shortagesLeft > 0;
        };
    }

    /** Nothing can happen but that time goes by; false when nothing is left to happen. */
    private boolean quiet() {
        if (store.isFull()) {
            disk();
            return true;
        }
        if (stopping != null) {
            trace.add("process stops, all is not done");
            end();
            return true;
        }
        if (people.noticeWaits()) {
            return true;
        }
        boolean over = people.haveStartedAll() && watch.runs().stream().allMatch(run -> run.state.isFinal());
        if (over) {
            return false;
        }
        if (timers.isEmpty()) {
            trace.violated("Nothing is left to happen, and not all runs have ended");
            return false;
        }
        timer();
        return true;
    }

    private void task() {
        int index = inOrder || random.nextInt(3) == 0 ? 0 : random.nextInt(tasks.size());
        trace.add("task " + index + " of " + tasks.size());
        tasks.remove(index).run();
    }

    private void timer() {
        Timer next = timers.stream().min(Comparator.comparing(Timer::due)).orElseThrow();
        timers.remove(next);
        if (next.due().isAfter(clock.instant())) {
            clock.set(next.due());
        }
        trace.add("timer at " + Duration.between(NOON, clock.instant()));
        next.task().run();
    }

    private void crash() {
        crashesLeft--;
        boolean isBroken = random.nextInt(4) == 0;
        if (isBroken) {
            // The store breaks first, and the process lives on for a moment.
            trace.add("store breaks");
            store.breakDown();
            for (int i = random.nextInt(8); i > 0 && store.unanswered() > 0; i--) {
                store.answer();
            }
            for (int i = random.nextInt(8); i > 0 && !tasks.isEmpty(); i--) {
                task();
            }
        } else if (store.queued() > 0 && !store.isFull() && random.nextBoolean()) {
            // Committed, and nobody hears of it.
            store.commit(1 + random.nextInt(store.queued()));
        }
        trace.add("crash");
        end();
    }

    /** Asks the process to stop when its steps are done, as a new release is brought in. */
    private void stop() {
        crashesLeft--;
        stoppingFor = 0;
        trace.add("stop is asked for");
        stopping = node[0].suspend();
    }

    private void end() {
        service.forgetCallers();
        if (stopping != null && !store.isFull()) {
            // A process that stops in order closes its store, which writes what is queued.
            store.commit(store.queued());
        }
        store = newProcess();
    }

    private void disk() {
        store.setFull(!store.isFull());
        trace.add(store.isFull() ? "disk is full" : "disk has room");
        if (store.isFull()) {
            shortagesLeft--;
            store.commit(0);
        }
    }

    @Override
    public Optional<Orchestration> current(String name) {
        return Optional.ofNullable(routes.get(name));
    }

    @Override
    public Orchestration version(String name, String version) throws UnknownVersion {
        Orchestration found = routes.get(name);
        if (found == null) {
            throw new UnknownVersion("There is no orchestration " + name);
        }
        return found;
    }
}
