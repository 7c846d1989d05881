package dev.segno.run;

import java.util.Optional;

/** The orchestrations that this node can execute. */
public interface Orchestrations {

    /**
     * The version that new runs take.
     *
     * @throws RunConflict when it takes none for now
     */
    Optional<Orchestration> current(String name);

    /**
     * A version that runs may be pinned to, built again from its kept source when it is not at hand.
     *
     * @throws UnknownVersion when it cannot be had; the message says why
     */
    Orchestration version(String name, String version) throws UnknownVersion;

    /** A version cannot be built on this node. */
    final class UnknownVersion extends Exception {
        private static final long serialVersionUID = 1L;

        public UnknownVersion(String message, Throwable cause) {
            super(message, cause);
        }

        public UnknownVersion(String message) {
            super(message);
        }
    }
}
