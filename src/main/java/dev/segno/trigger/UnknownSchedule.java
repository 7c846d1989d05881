package dev.segno.trigger;

/** No schedule of that name is loaded. */
public final class UnknownSchedule extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UnknownSchedule(String name) {
        super("There is no schedule named '" + name + "'");
    }
}
