package dev.segno.spec;

import dev.segno.run.Attempt;
import dev.segno.run.NewRun;
import dev.segno.run.Payload;
import dev.segno.run.RunState;
import dev.segno.run.StateChange;
import dev.segno.run.StepError;
import dev.segno.run.StepKey;
import dev.segno.run.StepRecord;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Values for tests of stores. */
public final class Sample {

    /** A fixed moment, to the microsecond as stores keep it. */
    public static final Instant NOON = Instant.parse("2026-03-01T12:00:00.123456Z");

    private Sample() {}

    /** An id whose order is that of its number. */
    public static String id(int number) {
        return "01RUN%021d".formatted(number);
    }

    public static NewRun run(int number) {
        return run(number, "sync", null, null, null);
    }

    public static NewRun run(
            int number,
            String orchestration,
            @Nullable String startKey,
            @Nullable String inputHash,
            @Nullable String singleton) {
        return new NewRun(
                id(number),
                orchestration,
                "v1",
                RunState.RUNNING,
                json("{\"number\":" + number + "}"),
                "{\"h\":\"1\"}",
                startKey,
                inputHash,
                singleton,
                NOON.plusSeconds(number));
    }

    public static Payload json(String text) {
        return new Payload.Inline(Payload.Kind.JSON, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Bytes that do not compress and do not repeat, the same for each seed. */
    public static byte[] bytes(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    public static StepRecord completed(String key) {
        return completed(key, json("{\"done\":\"" + key + "\"}"));
    }

    public static StepRecord completed(String key, Payload body) {
        return new StepRecord(
                new StepKey(key),
                1,
                NOON,
                NOON.plusMillis(5),
                new StepRecord.Completed(body, "{\"headers\":{\"a\":1}}"));
    }

    public static StepRecord handled(String key) {
        return new StepRecord(
                new StepKey(key),
                3,
                NOON,
                NOON.plusMillis(5),
                new StepRecord.HandledFailure(
                        new StepError("java.io.IOException", "no route to höst", key), "doCatch1", 2));
    }

    public static Attempt attempt(String key, int number) {
        return new Attempt(
                new StepKey(key),
                number,
                1,
                NOON,
                NOON.plusMillis(number),
                new StepError("java.net.ConnectException", "refused", key));
    }

    public static StateChange change(int run, long revision, RunState next, StepRecord... records) {
        return new StateChange(
                id(run), revision, next, List.of(records), null, null, null, false, NOON.plusSeconds(60 + revision));
    }
}
