package dev.segno.security;

import java.io.ObjectInputFilter;

/**
 * Java's serialized objects, of which this program needs none: reading one may run code that its sender has chosen. Nothing
 * here reads any, and no route may ask for it; this is the lock behind these doors, for libraries too (S16 in docs/proof.md).
 */
public final class SerializedObjects {

    private SerializedObjects() {}

    /**
     * Refuses all of them in the whole process, from now on. Called once, before anything else. An operator who needs some,
     * for an agent or a remote console, says so with {@code -Djdk.serialFilter=…}, which then holds instead.
     */
    public static void refuse() {
        if (ObjectInputFilter.Config.getSerialFilter() != null) {
            return;
        }
        ObjectInputFilter nothing = info -> ObjectInputFilter.Status.REJECTED;
        ObjectInputFilter.Config.setSerialFilter(nothing);
        // Otherwise a library could set a milder filter for a stream of its own.
        ObjectInputFilter.Config.setSerialFilterFactory((current, wanted) -> nothing);
    }
}
