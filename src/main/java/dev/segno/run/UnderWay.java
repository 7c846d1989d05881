package dev.segno.run;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/**
 * The steps of a run that were entered and have not ended, and the containers in which none begins any more.
 *
 * <p>A failing branch ends its container at once, while its siblings may be in the middle of a step. What comes next (a
 * handler, another try of the step around, the parked run and its retry) must not begin before those have ended, or one
 * step would be tried twice at the same time. Thread-safe.
 */
final class UnderWay {

    private record Waiter(String container, Runnable then) {}

    private final Set<StepKey> steps = new HashSet<>();
    private final Set<String> closed = new HashSet<>();
    private final List<Waiter> waiters = new ArrayList<>();

    /** A step is entered; false when it stands in a closed container and must not begin. */
    synchronized boolean enter(StepKey key) {
        if (isClosed(key)) {
            return false;
        }
        steps.add(key);
        return true;
    }

    synchronized boolean isClosed(StepKey key) {
        return !closed.isEmpty() && closed.stream().anyMatch(container -> isInBranch(key, container));
    }

    /** A step has ended, and all that followed from it at once. */
    void leave(StepKey key) {
        List<Runnable> free = new ArrayList<>(0);
        synchronized (this) {
            steps.remove(key);
            for (Iterator<Waiter> each = waiters.iterator(); each.hasNext(); ) {
                Waiter waiter = each.next();
                if (isQuiet(waiter.container())) {
                    free.add(waiter.then());
                    each.remove();
                }
            }
        }
        free.forEach(Runnable::run);
    }

    /** Lets no further step of a container's branches begin, and calls {@code then} when none is under way. */
    void close(String container, Runnable then) {
        synchronized (this) {
            closed.add(container);
            if (!isQuiet(container)) {
                waiters.add(new Waiter(container, then));
                return;
            }
        }
        then.run();
    }

    /** A step is tried (again), with all that is in it. */
    synchronized void reopen(StepKey outer) {
        if (!closed.isEmpty()) {
            closed.removeIf(container -> container.startsWith(outer.path() + '/'));
        }
    }

    private boolean isQuiet(String container) {
        return steps.stream().noneMatch(key -> isInBranch(key, container));
    }

    private static boolean isInBranch(StepKey key, String container) {
        return key.path().startsWith(container + '[');
    }
}
