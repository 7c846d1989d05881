package dev.segno.run;

/** What the store answers to a run that wants to wait. */
public sealed interface WaitOutcome {

    /** The run is {@link RunState#WAITING} on disk, one revision further. */
    record Waiting() implements WaitOutcome {}

    /** The signal was there already: its record is on disk, and the run goes on. */
    record Arrived(StepRecord record) implements WaitOutcome {}

    /** The run that it wants to wait for has ended already; nothing was written. */
    record Ended() implements WaitOutcome {}

    /** The run is not what it was thought to be, and nothing was written. */
    record Refused() implements WaitOutcome {}
}
