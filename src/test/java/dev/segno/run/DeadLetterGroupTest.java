package dev.segno.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeadLetterGroupTest {

    private static DeadLetterGroup group(String orchestration, String type, String message, String step) {
        return DeadLetterGroup.of(new DeadLetterCause(
                orchestration, new StepError(type, message, step), 1, Instant.EPOCH, Instant.EPOCH, "a", "a"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "item 17 of 200 refused | item # of # refused",
                "run 01ARZ3NDEKTSV4RRFFQ69G5FAV is gone | run # is gone",
                "order 123e4567-e89b-12d3-a456-426614174000 | order #",
                "hash 0f3a9bc2d1e4 differs | hash # differs",
                "deadbeef is a word, deadbee7 is not | deadbeef is a word, # is not",
                "127.0.0.1:8080 refused | #:# refused",
                "no number at all | no number at all"
            })
    void numbersAndIdsAreNoDifference(String message, String normalised) {
        assertThat(DeadLetterGroup.normalised(message)).isEqualTo(normalised);
    }

    @Test
    void longMessagesAreCutAndTakeNoLongTime() {
        assertThat(DeadLetterGroup.normalised("a".repeat(1_000_000))).hasSize(300);
        assertThat(DeadLetterGroup.normalised("1.".repeat(1_000_000))).startsWith("#");
    }

    @Test
    void runsOfAnotherStepTypeOrOrchestrationAreOfAnotherGroup() {
        DeadLetterGroup group = group("sync", "java.net.ConnectException", "try 1", "chunks[3]/schedule");

        assertThat(group("sync", "java.net.ConnectException", "try 2", "chunks[12]/schedule")
                        .id())
                .isEqualTo(group.id());
        assertThat(group.step()).isEqualTo("chunks[]/schedule");
        assertThat(group("other", "java.net.ConnectException", "try 1", "chunks[3]/schedule")
                        .id())
                .isNotEqualTo(group.id());
        assertThat(group("sync", "java.io.IOException", "try 1", "chunks[3]/schedule")
                        .id())
                .isNotEqualTo(group.id());
        assertThat(group("sync", "java.net.ConnectException", "try 1", "schedule")
                        .id())
                .isNotEqualTo(group.id());
    }
}
