package dev.segno.trigger;

import dev.segno.run.Failpoint;
import dev.segno.run.Failpoints;
import dev.segno.run.StoreUnavailable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One schedule at work. Of each fire time it is first written that it is due, then it is fired, then it is written what became
 * of it: whatever happens in between, it is found again and fired with the same start key, which makes it one run.
 *
 * <p>Safe for use by many threads. Methods wait for the disk; routes are fired on threads of the executor.
 */
final class LiveSchedule {
    private static final Logger LOG = LoggerFactory.getLogger(LiveSchedule.class);

    /** It looks at the clock so often at least, since the clock may be set. */
    static final Duration LONGEST_REST = Duration.ofSeconds(15);

    private final String name;
    private final Schedules.Parts parts;
    private final ScheduleStore store;
    private final RunInTheWay inTheWay;
    private final Failpoints failpoints = Failpoints.fromEnvironment();

    /** The versions of its route that are loaded; the last one counts. */
    private final List<Route> routes = new ArrayList<>();

    /** Fires that are due and about which nothing is decided yet. */
    private final Deque<Fire> due = new ArrayDeque<>();

    /** Fires that wait for a run to end, or for the store. */
    private final Deque<Fire> line = new ArrayDeque<>();

    private final Set<Instant> firing = new HashSet<>();
    private final Map<Instant, CompletableFuture<Fire>> callers = new HashMap<>();
    private @Nullable ScheduleState state;
    private boolean entered;
    private boolean stopped;
    private int alarm;

    /** A route with this schedule. */
    record Route(Schedule schedule, String owner, FireTarget target) {}

    LiveSchedule(String name, Schedules.Parts parts) {
        this.name = name;
        this.parts = parts;
        this.store = parts.store();
        this.inTheWay = new RunInTheWay(parts.engine(), () -> parts.executor().execute(this::goOn));
    }

    synchronized void add(Route route) {
        if (routes.stream().anyMatch(other -> !other.owner().equals(route.owner()))) {
            throw new IllegalArgumentException("The schedule '" + name + "' is defined by "
                    + routes.get(0).owner() + " already; give one of the two another name");
        }
        routes.add(route);
        entered = false;
    }

    synchronized void remove(Route route) {
        routes.remove(route);
        entered = false;
        alarm++;
        ScheduleState known = state;
        if (!routes.isEmpty()) {
            parts.executor().execute(this::begin);
        } else if (known != null && !stopped) {
            due.clear();
            line.clear();
            state = known.retired(parts.clock().instant());
            store.save(state, List.of());
        }
    }

    synchronized boolean isThere() {
        return !routes.isEmpty();
    }

    /** Fires nothing more, and leaves everything as it is for the next start. */
    synchronized void stop() {
        stopped = true;
        alarm++;
    }

    /** Begins to fire, or goes on under another version of the route. */
    synchronized void begin() {
        alarm++;
        wake(alarm);
    }

    private synchronized void wake(int called) {
        if (called != alarm || stopped || routes.isEmpty()) {
            return;
        }
        goOn();
        Duration rest = Optional.ofNullable(state)
                .flatMap(known -> schedule().cron().next(known.accountedUntil()))
                .map(next -> Duration.between(parts.clock().instant(), next))
                .filter(until -> until.compareTo(LONGEST_REST) < 0)
                .orElse(LONGEST_REST);
        // What is overdue could not be written: not at once again.
        Duration sleep = rest.isNegative() ? Duration.ofSeconds(1) : rest;
        parts.scheduler().after(sleep, () -> parts.executor().execute(() -> wake(called)));
    }

    private synchronized void goOn() {
        if (stopped || routes.isEmpty()) {
            return;
        }
        try {
            work();
        } catch (StoreUnavailable e) {
            LOG.warn("Schedule {} cannot fire at the moment: {}", name, e.getMessage());
        }
    }

    /** Accounts for what fell due, and fires what can be fired. */
    private ScheduleState work() {
        if (!store.isWritable()) {
            throw new StoreUnavailable("The store cannot write at the moment");
        }
        Instant now = parts.clock().instant();
        ScheduleState known = enter(now);
        List<Fire> fires = DueFires.of(schedule(), known, now);
        if (!fires.isEmpty()) {
            if (fires.size() == DueFires.MOST) {
                LOG.warn("Schedule {} has missed very many fires; the latest {} are looked at", name, fires.size());
            }
            known = write(known.accounted(fires.get(fires.size() - 1).at()), fires);
            fires.stream().filter(fire -> fire.outcome() == Fire.Outcome.DUE).forEach(due::addLast);
        }
        for (Fire fire = due.peekFirst(); fire != null; fire = due.peekFirst()) {
            decide(fire);
            due.removeFirst();
        }
        serve();
        return known;
    }

    /** What is known of the schedule. What was open when the process ended or the route went away stands in line again. */
    private ScheduleState enter(Instant now) {
        ScheduleState known = state;
        if (entered && known != null) {
            return known;
        }
        Optional<ScheduleState> found = store.find(name);
        ScheduleState next = found.map(before -> before.takenUp(schedule(), now))
                .orElseGet(() -> ScheduleState.fresh(schedule(), now));
        List<Fire> open = store.open(name).stream()
                .filter(fire -> !firing.contains(fire.at()))
                .toList();
        List<Fire> given = List.of();
        if (found.isPresent() && found.get().wasAway(now)) {
            given = open.stream()
                    .map(fire -> fire.became(Fire.Outcome.SKIPPED, null, "The schedule was removed", now))
                    .toList();
            open = List.of();
        }
        if (!found.equals(Optional.of(next)) || !given.isEmpty()) {
            write(next, given);
        }
        state = next;
        due.clear();
        line.clear();
        line.addAll(open);
        entered = true;
        return next;
    }

    /** Fires, waits or skips: what the overlap rule says. */
    private void decide(Fire fire) {
        boolean patient = isPatient(fire);
        if (schedule().overlap() == OverlapRule.ALLOW && !patient) {
            fire(fire);
        } else if (!line.isEmpty()) {
            // Those that wait are served first.
            queue(fire);
        } else {
            Optional<String> run = runInTheWay();
            if (firing.isEmpty() && run.isEmpty()) {
                fire(fire);
            } else if (patient) {
                queue(fire);
            } else {
                skip(fire, run.orElse(null));
            }
        }
    }

    private Optional<String> runInTheWay() {
        ScheduleState known = state;
        return inTheWay.find(known == null ? null : known.lastRun());
    }

    /** Whether a fire waits for a run to end whatever the rule says: of its kind there may be many at once. */
    private boolean isPatient(Fire fire) {
        return schedule().overlap() == OverlapRule.QUEUE
                || fire.kind() == Fire.Kind.CAUGHT_UP
                || fire.kind() == Fire.Kind.BACKFILLED;
    }

    private void skip(Fire fire, @Nullable String run) {
        String reason = run == null ? "The fire before it was just being started" : "Run " + run + " was under way";
        told(fire, Fire.Outcome.SKIPPED, run, reason);
    }

    private void queue(Fire fire) {
        boolean full = line.size() >= Backfill.MOST && fire.kind() == Fire.Kind.SCHEDULED;
        if (full) {
            told(fire, Fire.Outcome.SKIPPED, null, line.size() + " fires were waiting already");
        } else {
            line.addLast(told(fire, Fire.Outcome.QUEUED, null, null));
        }
    }

    /** Fires the first one in line, if nothing stands in its way. */
    private void serve() {
        if (stopped || line.isEmpty() || !firing.isEmpty() || routes.isEmpty()) {
            return;
        }
        Optional<String> run = runInTheWay();
        if (run.isPresent()) {
            inTheWay.watch(run.get());
        } else {
            fire(line.removeFirst());
        }
    }

    private void fire(Fire fire) {
        failpoints.pass(Failpoint.SCHEDULE_BEFORE_START);
        firing.add(fire.at());
        FireTarget target = route().target();
        parts.executor()
                .execute(() -> ask(target, fire)
                        .whenComplete((result, error) -> parts.executor().execute(() -> fired(fire, result, error))));
    }

    private static CompletableFuture<FireTarget.Result> ask(FireTarget target, Fire fire) {
        try {
            return target.fire(fire);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private synchronized void fired(Fire fire, FireTarget.@Nullable Result result, @Nullable Throwable error) {
        firing.remove(fire.at());
        Throwable cause = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        try {
            if (cause instanceof StoreUnavailable) {
                // It stays open, and is fired again with the next alarm.
                line.addFirst(fire);
                return;
            } else if (cause != null || result == null) {
                String why = cause == null ? "no answer" : String.valueOf(cause.getMessage());
                LOG.error("Schedule {} could not start the run of {}: {}", name, fire.at(), why);
                told(fire, Fire.Outcome.FAILED, null, why);
            } else {
                answered(fire, result);
            }
            serve();
        } catch (StoreUnavailable e) {
            LOG.warn("What became of {} at {} could not be written: {}", name, fire.at(), e.getMessage());
        }
    }

    private void answered(Fire fire, FireTarget.Result result) {
        if (result instanceof FireTarget.Result.Started started) {
            ScheduleState known = state;
            state = known == null ? null : known.withLastRun(started.runId());
            told(fire, Fire.Outcome.STARTED, started.runId(), null);
        } else if (result instanceof FireTarget.Result.Busy busy && isPatient(fire)) {
            inTheWay.met(busy.runId());
            line.addFirst(told(fire, Fire.Outcome.QUEUED, null, null));
        } else if (result instanceof FireTarget.Result.Busy busy) {
            skip(fire, busy.runId());
        } else {
            told(fire, Fire.Outcome.STARTED, null, null);
        }
    }

    synchronized void pause(boolean pause) {
        // What fell due up to now fell due under the state up to now.
        ScheduleState known = work();
        ScheduleState now = state == null ? known : state;
        if (now.paused() != pause) {
            write(now.withPaused(pause), List.of());
        }
    }

    synchronized CompletableFuture<Fire> trigger() {
        work();
        Instant now = parts.clock().instant();
        Instant at = Instant.ofEpochMilli(now.toEpochMilli());
        while (!store.fires(name, at, at).isEmpty()) {
            at = at.plusMillis(1);
        }
        CompletableFuture<Fire> told = new CompletableFuture<>();
        callers.put(at, told);
        begin(List.of(Fire.due(name, at, Fire.Kind.TRIGGERED, now)));
        return told;
    }

    synchronized Backfill backfill(Instant from, Instant to) {
        Instant now = parts.clock().instant();
        if (from.isAfter(to) || to.isAfter(now)) {
            throw new IllegalArgumentException("A backfill goes from an earlier moment to a later one that has passed");
        }
        work();
        List<Instant> times = schedule().cron().between(from.minusNanos(1), to, Backfill.MOST + 1);
        if (times.size() > Backfill.MOST) {
            throw new IllegalArgumentException("From " + from + " to " + to + " there are more than " + Backfill.MOST
                    + " fires; take a shorter time");
        }
        Set<Instant> done = new HashSet<>();
        for (Fire fire : store.fires(name, from, to)) {
            if (fire.outcome().isOpen() || fire.outcome() == Fire.Outcome.STARTED) {
                done.add(fire.at());
            }
        }
        List<Fire> fires = times.stream()
                .filter(time -> !done.contains(time))
                .map(time -> Fire.due(name, time, Fire.Kind.BACKFILLED, now))
                .toList();
        begin(fires);
        return new Backfill(fires.size(), times.size() - fires.size());
    }

    private void begin(List<Fire> fires) {
        ScheduleState known = state;
        if (known != null && !fires.isEmpty()) {
            write(known, fires);
            due.addAll(fires);
            work();
        }
    }

    /** The schedule as it stands; empty when its route is gone. */
    Optional<ScheduleView> view(int next, int last) {
        Schedule schedule;
        ScheduleState known;
        synchronized (this) {
            if (routes.isEmpty()) {
                return Optional.empty();
            }
            schedule = schedule();
            known = state;
        }
        Instant now = parts.clock().instant();
        Instant after = known == null || known.accountedUntil().isBefore(now) ? now : known.accountedUntil();
        return Optional.of(new ScheduleView(
                schedule, known != null && known.paused(), schedule.cron().next(after, next), store.fires(name, last)));
    }

    private Route route() {
        return routes.get(routes.size() - 1);
    }

    private Schedule schedule() {
        return route().schedule();
    }

    /** Writes what became of a fire, and tells it to whoever asked for it. */
    private Fire told(Fire fire, Fire.Outcome outcome, @Nullable String run, @Nullable String reason) {
        Fire told = fire.became(outcome, run, reason, parts.clock().instant());
        ScheduleState known = state;
        if (known != null && outcome == Fire.Outcome.QUEUED) {
            // It is on disk that it is due, which means the same after a restart.
            store.save(known, List.of(told));
        } else if (known != null) {
            write(known, List.of(told));
        }
        CompletableFuture<Fire> caller = callers.remove(fire.at());
        if (caller != null) {
            caller.complete(told);
        }
        return told;
    }

    private ScheduleState write(ScheduleState next, List<Fire> fires) {
        try {
            store.save(next, fires).join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof StoreUnavailable unavailable ? unavailable : e;
        }
        state = next;
        return next;
    }
}
