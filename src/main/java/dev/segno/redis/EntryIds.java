package dev.segno.redis;

/** Ids of entries, {@code milliseconds-sequence}, by their order in the stream. */
final class EntryIds {

    private EntryIds() {}

    static int compare(String one, String other) {
        int byTime = Long.compareUnsigned(time(one), time(other));
        return byTime != 0 ? byTime : Long.compareUnsigned(sequence(one), sequence(other));
    }

    /** The least id behind this one. */
    static String next(String id) {
        long sequence = sequence(id) + 1;
        return sequence == 0
                ? Long.toUnsignedString(time(id) + 1) + "-0"
                : Long.toUnsignedString(time(id)) + '-' + Long.toUnsignedString(sequence);
    }

    private static long time(String id) {
        int dash = id.indexOf('-');
        return Long.parseUnsignedLong(dash < 0 ? id : id.substring(0, dash));
    }

    private static long sequence(String id) {
        int dash = id.indexOf('-');
        return dash < 0 ? 0 : Long.parseUnsignedLong(id.substring(dash + 1));
    }
}
