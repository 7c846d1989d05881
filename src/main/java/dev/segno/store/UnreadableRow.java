package dev.segno.store;

/** A row holds what this version of the program cannot read, or what the disk has damaged. */
final class UnreadableRow extends Exception {
    private static final long serialVersionUID = 1L;

    UnreadableRow(String message) {
        super(message);
    }

    static <E extends Enum<E>> E constant(Class<E> type, String name) throws UnreadableRow {
        try {
            return Enum.valueOf(type, name);
        } catch (IllegalArgumentException e) {
            throw new UnreadableRow("unknown " + type.getSimpleName() + " '" + name + "'");
        }
    }

    static void requireChecksum(long stored, Checksum computed, String what) throws UnreadableRow {
        if (stored != computed.value()) {
            throw new UnreadableRow("wrong checksum of " + what);
        }
    }
}
