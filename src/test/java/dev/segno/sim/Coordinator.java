package dev.segno.sim;

import dev.segno.run.Scopes;
import dev.segno.run.StepEnd;
import dev.segno.run.StepKey;
import dev.segno.run.StepRecord;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A saga under way: what it has registered, and how that is undone, as the Camel side does it. */
final class Coordinator {

    private record Registered(StepKey key, long option, Part.Saga saga) {}

    private final Route route;
    private final Route.Place at;
    private final List<Registered> registered = new ArrayList<>();

    private Coordinator(Route route, Route.Place at) {
        this.route = route;
        this.at = at;
    }

    /** Comes to a saga; one inside another is a part of that. */
    static void enter(Route route, Part.Saga saga, long body, Route.Place at, Route.Next next) {
        Coordinator joined = at.saga();
        Coordinator coordinator = joined == null ? new Coordinator(route, at) : joined;
        coordinator.register(saga, body, at, failure -> {
            if (failure != null) {
                next.go(body, failure);
                return;
            }
            route.run(saga.body(), body, at.joined(coordinator), joined == null ? coordinator.atItsEnd(next) : next);
        });
    }

    private interface Then {
        void go(@Nullable Throwable failure);
    }

    private void register(Part.Saga saga, long body, Route.Place place, Then then) {
        at.execution().sagas().register(place.call(saga.id(), false), () -> "{\"option\":\"" + body + "\"}", end -> {
            if (end instanceof StepEnd.Replayed replayed
                    && replayed.record().outcome() instanceof StepRecord.Registered record) {
                String option = record.options().replaceAll("[^0-9-]", "");
                StepKey key = replayed.record().key();
                if (!route.faults().forgetsToUndo(key.path())) {
                    registered.add(new Registered(key, Long.parseLong(option), saga));
                }
                then.go(null);
            } else if (end instanceof StepEnd.Failed failed) {
                then.go(failed.error());
            } else {
                then.go(new Route.Stopped());
            }
        });
    }

    private Route.Next atItsEnd(Route.Next next) {
        return (body, failure) -> {
            if (failure == null) {
                complete(0, body, next);
            } else if (failure instanceof Route.Stopped) {
                next.go(body, failure);
            } else {
                compensate(body, failure, next);
            }
        };
    }

    private void complete(int index, long body, Route.Next next) {
        if (index == registered.size()) {
            next.go(body, null);
            return;
        }
        Registered part = registered.get(index);
        if (!part.saga().completes()) {
            complete(index + 1, body, next);
            return;
        }
        StepKey key = StepKey.in("completion", part.key().path());
        route.call(at, at.call(key, false), part.option(), Part.Fate.FINE, (answer, failure) -> {
            if (failure == null) {
                complete(index + 1, body, next);
            } else {
                next.go(body, failure);
            }
        });
    }

    private void compensate(long body, Throwable failure, Route.Next next) {
        at.execution().sagas().begin(failure, at.caught()).whenComplete((begins, error) -> {
            if (error != null) {
                next.go(body, error);
            } else if (begins) {
                undo(registered.size() - 1, body, failure, next);
            } else {
                next.go(body, failure);
            }
        });
    }

    private void undo(int index, long body, Throwable failure, Route.Next next) {
        if (index < 0) {
            next.go(body, failure);
            return;
        }
        Registered part = registered.get(index);
        StepKey key = StepKey.in(Scopes.COMPENSATION, part.key().path());
        route.call(at, at.call(key, false), part.option(), part.saga().compensation(), (answer, notUndone) -> {
            if (notUndone == null) {
                undo(index - 1, body, failure, next);
            } else {
                if (!(notUndone instanceof Route.Stopped)) {
                    at.execution().sagas().failed();
                }
                next.go(body, notUndone);
            }
        });
    }
}
