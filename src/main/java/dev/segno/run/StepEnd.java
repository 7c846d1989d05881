package dev.segno.run;

/** What became of an entry into a step. */
public sealed interface StepEnd {

    /** The step was executed and its record is durable (or will be, before anyone hears of the run's end). */
    record Executed() implements StepEnd {}

    /** The step has a record; nothing was executed. */
    record Replayed(StepRecord record) implements StepEnd {}

    /** The tries are used up. */
    record Failed(Throwable error) implements StepEnd {}

    /** The run goes no further: cancelled, blocked or suspended. */
    record Stopped() implements StepEnd {}
}
