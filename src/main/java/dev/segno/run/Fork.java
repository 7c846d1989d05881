package dev.segno.run;

import java.util.List;

/**
 * A run that begins with a part of another one's journal.
 *
 * @param run     the new run; its parent is the other one
 * @param retries number of manual retries in its history, the fork itself among them
 * @param records what it does not do again; large bodies are its own
 * @param edits   those that hold in it
 */
public record Fork(NewRun run, int retries, List<StepRecord> records, List<Edit> edits) {}
