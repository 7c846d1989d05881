package dev.segno.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a run is to do.
 *
 * @param file    as it was found
 * @param line    where the case begins, from 1
 * @param name    unique in its file
 * @param input   body of the start; {@code null} for none
 * @param headers of the start
 * @param now     when it starts; empty for the present
 * @param retries by hand, of a run that stands
 * @param mail    whether there is a mail server
 * @param skip    how much time goes by at most; empty for any
 */
record TestCase(
        String file,
        int line,
        String name,
        String orchestration,
        @Nullable JsonNode input,
        Map<String, String> headers,
        Map<String, String> settings,
        List<Stub> stubs,
        boolean mail,
        Optional<Instant> now,
        List<PlannedSignal> signals,
        int retries,
        List<Crash> crashes,
        Optional<Duration> skip,
        Expectation expect) {

    /**
     * The answers of one path of a service.
     *
     * @param method {@code null} for any
     * @param always whether the one answer is that to each call
     */
    record Stub(String service, @Nullable String method, String path, boolean always, List<StubAnswer> answers) {

        boolean isSamePlace(Stub other) {
            return service.equals(other.service)
                    && path.equals(other.path)
                    && String.valueOf(method).equals(String.valueOf(other.method));
        }
    }

    /** What a stand-in does with a call. */
    enum Behaviour {
        ANSWER,
        HANG,
        DROP
    }

    /**
     * One answer.
     *
     * @param when what a call's body must include; {@code null} for any call
     */
    record StubAnswer(
            Behaviour behaviour,
            int status,
            @Nullable JsonNode body,
            Map<String, String> headers,
            @Nullable JsonNode when) {}

    /**
     * A signal that is sent while the run waits.
     *
     * @param to    orchestration whose newest run gets it; {@code null} for the case's run
     * @param after how much time goes by first
     */
    record PlannedSignal(
            String name, @Nullable JsonNode body, @Nullable String to, Duration after) {}

    /**
     * A place at which the process dies.
     *
     * @param recorded whether the step's record is on disk by then; else its service has been called
     */
    record Crash(String step, boolean recorded) {
        @Override
        public String toString() {
            return (recorded ? "after " : "in ") + step;
        }
    }

    /** What must have come of it; what is empty or {@code null} does not matter. */
    record Expectation(
            String state,
            @Nullable JsonNode output,
            @Nullable JsonNode outputHas,
            Optional<ExpectedError> error,
            Optional<ExpectedSteps> steps,
            @Nullable JsonNode attributes,
            List<ExpectedCalls> calls,
            Optional<List<ExpectedRun>> runs,
            Optional<List<ExpectedMail>> mails) {}

    record ExpectedError(
            @Nullable String step,
            @Nullable String type,
            @Nullable String message) {}

    record ExpectedSteps(List<ExpectedStep> steps, boolean anyOrder) {}

    record ExpectedStep(
            String key,
            @Nullable String state,
            @Nullable Integer attempts,
            @Nullable JsonNode output,
            @Nullable JsonNode outputHas) {}

    /**
     * The calls of a path.
     *
     * @param place as it is written: service, perhaps a method, path
     * @param count how many
     * @param calls one for each call, or empty where only their number matters
     */
    record ExpectedCalls(
            String place, String service, @Nullable String method, String path, int count, List<ExpectedCall> calls) {}

    record ExpectedCall(@Nullable String key, @Nullable JsonNode body, Map<String, String> headers) {}

    record ExpectedRun(
            String orchestration,
            @Nullable String state,
            @Nullable JsonNode inputHas,
            @Nullable JsonNode outputHas,
            @Nullable String errorHas) {}

    record ExpectedMail(
            @Nullable String to,
            @Nullable String subject,
            @Nullable String textHas) {}

    /** Where it stands, in the form that editors and terminals turn into a link. */
    String place() {
        return file + ":" + line;
    }
}
