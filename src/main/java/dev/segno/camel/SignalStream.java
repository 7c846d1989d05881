package dev.segno.camel;

import dev.segno.redis.EntryHandler;
import dev.segno.redis.StreamEntry;
import dev.segno.redis.StreamOptions;
import dev.segno.redis.StreamReaders;
import dev.segno.run.Engine;
import dev.segno.run.Payload;
import dev.segno.run.RunConflict;
import dev.segno.run.RunStore;
import dev.segno.run.Signal;
import dev.segno.run.SignalOutcome;
import dev.segno.run.StoreUnavailable;
import dev.segno.run.UnknownRun;
import dev.segno.security.ApiException;
import dev.segno.security.UntrustedJson;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;

/**
 * Sends the entries of a stream into runs as signals: {@code run} says which one, {@code name} what the run waits for, {@code body} (JSON, may
 * be left out) what it goes on with, {@code key} tells the signal from all others of that run. An entry is acknowledged when its
 * signal is on disk; one without a key is told by its id.
 */
public final class SignalStream implements EntryHandler {

    /** Consumer group of all nodes. */
    private static final String GROUP = "segno";

    private static final Duration SOON = Duration.ofSeconds(1);
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,100}");

    private final Engine engine;

    private SignalStream(Engine engine) {
        this.engine = engine;
    }

    /** Reads signals from a stream, as this consumer of the group. */
    public static StreamReaders.Registration read(
            StreamReaders readers, String stream, String consumer, Engine engine) {
        return readers.register(
                new StreamOptions(stream, GROUP, consumer), "Signals by Redis", new SignalStream(engine));
    }

    @Override
    public CompletableFuture<Settlement> handle(StreamEntry entry) {
        Signal signal;
        try {
            signal = signal(entry);
        } catch (ApiException | IllegalArgumentException e) {
            return CompletableFuture.completedFuture(new Settlement.Refused("read", e));
        }
        return engine.signal(signal)
                .handle((outcome, error) ->
                        error == null ? settlement(signal, outcome) : settlement(Failures.unwrap(error)));
    }

    private Signal signal(StreamEntry entry) {
        String run = field(entry, "run");
        String name = field(entry, "name");
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "Field name has 1 to 100 letters, digits, '-', '_' or '.', and names what the run waits for");
        }
        String key = entry.fields().get(StreamEntry.KEY);
        String id = key == null || key.isBlank() ? entry.startKey() : key;
        return new Signal(run, id, name, body(entry), engine.now());
    }

    private static String field(StreamEntry entry, String name) {
        String value = entry.fields().get(name);
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException(
                    "Field " + name + " is missing: a signal has the fields run, name, and if need be body and key");
        }
        return value;
    }

    private static Payload.Inline body(StreamEntry entry) {
        String body = entry.fields().get("body");
        if (body == null || body.isEmpty()) {
            return new Payload.Inline(Payload.Kind.NONE, new byte[0]);
        }
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > RunStore.INLINE_BYTES) {
            throw new IllegalArgumentException(
                    "A signal has at most " + RunStore.INLINE_BYTES + " bytes; send a reference");
        }
        UntrustedJson.read(bytes);
        return new Payload.Inline(Payload.Kind.JSON, bytes);
    }

    private static Settlement settlement(Signal signal, SignalOutcome outcome) {
        if (outcome instanceof SignalOutcome.NoRun) {
            return new Settlement.Refused("signal", new UnknownRun(signal.runId()));
        }
        if (outcome instanceof SignalOutcome.TooLate late) {
            return new Settlement.Refused(
                    "signal",
                    new RunConflict("Run " + signal.runId() + " is " + late.state() + " and takes no signals"));
        }
        return new Settlement.Done();
    }

    private static Settlement settlement(Throwable error) {
        return error instanceof StoreUnavailable
                ? new Settlement.Later(SOON, String.valueOf(error.getMessage()))
                : new Settlement.Failed("signal", error);
    }
}
