package dev.segno;

import dev.segno.controlplane.ControlPlane;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The control plane, made when something asks for it first: a node without it starts without its classes. Thread-safe. */
final class LazyControlPlane implements Supplier<ControlPlane>, AutoCloseable {

    private final Supplier<ControlPlane> making;
    private @Nullable ControlPlane made;
    private boolean begun;

    LazyControlPlane(Supplier<ControlPlane> making) {
        this.making = making;
    }

    @Override
    public synchronized ControlPlane get() {
        ControlPlane plane = made;
        if (plane == null) {
            plane = making.get();
            made = plane;
            if (begun) {
                plane.begin();
            }
        }
        return plane;
    }

    /** From now on what goes on by itself goes on, if it is there or as soon as it is. */
    synchronized void begin() {
        begun = true;
        if (made != null) {
            made.begin();
        }
    }

    @Override
    public synchronized void close() {
        begun = false;
        if (made != null) {
            made.close();
        }
    }
}
