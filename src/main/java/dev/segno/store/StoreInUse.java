package dev.segno.store;

import java.nio.file.Path;
import java.util.OptionalLong;

/** Another process, or this one, already works on the data directory. */
public final class StoreInUse extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * @param directory the data directory
     * @param holder    id of the process that holds it, when it is known
     */
    public StoreInUse(Path directory, OptionalLong holder) {
        super("Data directory " + directory + " is in use by "
                + (holder.isPresent() ? "process " + holder.getAsLong() : "another process")
                + ": stop it, or choose another directory");
    }
}
