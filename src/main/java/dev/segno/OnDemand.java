package dev.segno;

import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Something that is made when it is asked for first: a node that never asks starts without its classes. Thread-safe. */
final class OnDemand<T> implements Supplier<T> {

    private final Supplier<T> making;
    private @Nullable T made;

    OnDemand(Supplier<T> making) {
        this.making = making;
    }

    @Override
    public synchronized T get() {
        T known = made;
        if (known == null) {
            known = making.get();
            made = known;
        }
        return known;
    }

    /** What was asked for, if it was. */
    synchronized Optional<T> made() {
        return Optional.ofNullable(made);
    }
}
