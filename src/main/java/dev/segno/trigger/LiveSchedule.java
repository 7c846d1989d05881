package dev.segno.trigger;

import dev.segno.run.Failpoint;
import dev.segno.run.Failpoints;
import dev.segno.run.StoreUnavailable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
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
    private final ScheduleBook book;
    private final RunInTheWay inTheWay;
    private final Failpoints failpoints = Failpoints.fromEnvironment();

    /** The versions of its route that are loaded; the last one counts. */
    private final List<Route> routes = new ArrayList<>();

    /** Fires that are due and about which nothing is decided yet. */
    private final Deque<Fire> due = new ArrayDeque<>();

    /** Fires that wait for a run to end, or for the store. */
    private final Deque<Fire> line = new ArrayDeque<>();

    private final Set<Instant> firing = new HashSet<>();
    private boolean stopped;
    private int alarm;

    /** A route with this schedule. */
    record Route(Schedule schedule, String owner, FireTarget target) {}

    LiveSchedule(String name, Schedules.Parts parts) {
        this.name = name;
        this.parts = parts;
        this.book = new ScheduleBook(name, parts.store(), parts.clock());
        this.inTheWay = new RunInTheWay(parts.engine(), () -> parts.executor().execute(this::goOn));
    }

    synchronized void add(Route route) {
        if (routes.stream().anyMatch(other -> !other.owner().equals(route.owner()))) {
            throw new IllegalArgumentException("The schedule '" + name + "' is defined by "
                    + routes.get(0).owner() + " already; give one of the two another name");
        }
        routes.add(route);
        book.close();
    }

    synchronized void remove(Route route) {
        routes.remove(route);
        book.close();
        alarm++;
        if (!routes.isEmpty()) {
            parts.executor().execute(this::begin);
        } else if (!stopped) {
            due.clear();
            line.clear();
            book.retire();
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
        Duration rest = book.known()
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
    private void work() {
        if (!parts.store().isWritable()) {
            throw new StoreUnavailable("The store cannot write at the moment");
        }
        Instant now = parts.clock().instant();
        if (!book.isOpen()) {
            List<Fire> open = book.open(schedule(), now);
            due.clear();
            line.clear();
            open.stream().filter(fire -> !firing.contains(fire.at())).forEach(line::addLast);
        }
        due.addAll(book.account(schedule(), now));
        for (Fire fire = due.peekFirst(); fire != null; fire = due.peekFirst()) {
            decide(fire);
            due.removeFirst();
        }
        serve();
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
        return inTheWay.find(book.known().map(ScheduleState::lastRun).orElse(null));
    }

    /** Whether a fire waits for a run to end whatever the rule says: of its kind there may be many at once. */
    private boolean isPatient(Fire fire) {
        return schedule().overlap() == OverlapRule.QUEUE
                || fire.kind() == Fire.Kind.CAUGHT_UP
                || fire.kind() == Fire.Kind.BACKFILLED;
    }

    private void skip(Fire fire, @Nullable String run) {
        String reason = run == null ? "The fire before it was just being started" : "Run " + run + " was under way";
        book.tell(fire, Fire.Outcome.SKIPPED, run, reason);
    }

    private void queue(Fire fire) {
        boolean full = line.size() >= Backfill.MOST && fire.kind() == Fire.Kind.SCHEDULED;
        if (full) {
            book.tell(fire, Fire.Outcome.SKIPPED, null, line.size() + " fires were waiting already");
        } else {
            line.addLast(book.tell(fire, Fire.Outcome.QUEUED, null, null));
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
                book.tell(fire, Fire.Outcome.FAILED, null, why);
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
            book.tell(fire, Fire.Outcome.STARTED, started.runId(), null);
        } else if (result instanceof FireTarget.Result.Busy busy && isPatient(fire)) {
            inTheWay.met(busy.runId());
            line.addFirst(book.tell(fire, Fire.Outcome.QUEUED, null, null));
        } else if (result instanceof FireTarget.Result.Busy busy) {
            skip(fire, busy.runId());
        } else {
            book.tell(fire, Fire.Outcome.STARTED, null, null);
        }
    }

    synchronized void pause(boolean pause) {
        // What fell due up to now fell due under the state up to now.
        work();
        book.pause(pause);
    }

    synchronized CompletableFuture<Fire> trigger() {
        work();
        Fire fire = book.addTriggered(parts.clock().instant());
        CompletableFuture<Fire> told = book.follow(fire);
        due.addLast(fire);
        work();
        return told;
    }

    synchronized Backfill backfill(Instant from, Instant to) {
        Instant now = parts.clock().instant();
        if (from.isAfter(to) || to.isAfter(now)) {
            throw new IllegalArgumentException("A backfill goes from an earlier moment to a later one that has passed");
        }
        List<Instant> times = schedule().cron().between(from.minusNanos(1), to, Backfill.MOST + 1);
        if (times.size() > Backfill.MOST) {
            throw new IllegalArgumentException("From " + from + " to " + to + " there are more than " + Backfill.MOST
                    + " fires; take a shorter time");
        }
        work();
        List<Fire> fires = book.addBackfilled(times, now);
        due.addAll(fires);
        work();
        return new Backfill(fires.size(), times.size() - fires.size());
    }

    /** The schedule as it stands; empty when its route is gone. */
    Optional<ScheduleView> view(int next, int last) {
        Schedule schedule;
        Optional<ScheduleState> known;
        synchronized (this) {
            if (routes.isEmpty()) {
                return Optional.empty();
            }
            schedule = schedule();
            known = book.known();
        }
        Instant now = parts.clock().instant();
        Instant after =
                known.map(ScheduleState::accountedUntil).filter(now::isBefore).orElse(now);
        boolean paused = known.filter(ScheduleState::paused).isPresent();
        return Optional.of(new ScheduleView(
                schedule,
                paused,
                schedule.cron().next(after, next),
                parts.store().fires(name, last)));
    }

    private Route route() {
        return routes.get(routes.size() - 1);
    }

    private Schedule schedule() {
        return route().schedule();
    }
}
