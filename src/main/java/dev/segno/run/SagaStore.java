package dev.segno.run;

import java.util.List;

/** The part of a {@link RunStore} that is about runs which have noted how to undo what they do. The same rules hold. */
public interface SagaStore {

    /** Runs with a saga, without their input and output, newest first. */
    List<Run> list(SagaQuery query);

    SagaStatistics statistics();
}
