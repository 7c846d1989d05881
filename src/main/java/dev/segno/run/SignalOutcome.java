package dev.segno.run;

/** What became of a signal. */
public sealed interface SignalOutcome {

    /** The run waited for it and goes on. */
    record Delivered() implements SignalOutcome {}

    /** The run does not wait for it yet; it is kept until then. */
    record Kept() implements SignalOutcome {}

    /** A signal of that id came before; nothing was written. */
    record Duplicate() implements SignalOutcome {}

    /** The run has ended, and nothing was written. */
    record TooLate(RunState state) implements SignalOutcome {}

    /** There is no such run. */
    record NoRun() implements SignalOutcome {}
}
