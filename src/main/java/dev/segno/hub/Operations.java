package dev.segno.hub;

import dev.segno.run.DeadLetterQuery;
import dev.segno.run.Payload;
import dev.segno.run.Run;
import dev.segno.run.RunQuery;
import dev.segno.run.RunState;
import dev.segno.run.RunStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The runs of the service hub's operations, as the store has them. Blocks on it. Thread-safe. */
final class Operations {

    private static final int PAGE = 500;

    private final RunStore runs;
    private final Function<String, Map<String, @Nullable Object>> json;

    /** @param json reads a JSON object; throws {@link IllegalArgumentException} when it is none */
    Operations(RunStore runs, Function<String, Map<String, @Nullable Object>> json) {
        this.runs = runs;
        this.json = json;
    }

    /** A run with its input and output; empty when it is gone. */
    Optional<Run> find(String id) {
        return runs.find(id);
    }

    /** The newest runs of operations that are under way, without their input. */
    List<Run> underWay() {
        List<Run> found = new ArrayList<>();
        for (HubOperation operation : HubOperation.values()) {
            for (RunState state : List.of(RunState.QUEUED, RunState.RUNNING, RunState.WAITING)) {
                found.addAll(runs.list(new RunQuery(
                        Optional.of(operation.orchestration()), Optional.of(state), Optional.empty(), PAGE)));
            }
        }
        return found;
    }

    /** The runs of operations, without input and output, that stand until somebody retries them or gives them up. */
    List<Run> standing() {
        List<Run> found = new ArrayList<>();
        for (HubOperation operation : HubOperation.values()) {
            Optional<String> before = Optional.empty();
            List<Run> page;
            do {
                page = runs.deadLetters()
                        .list(new DeadLetterQuery(
                                Optional.of(operation.orchestration()),
                                Optional.empty(),
                                Optional.empty(),
                                before,
                                PAGE));
                found.addAll(page);
                before = page.isEmpty()
                        ? before
                        : Optional.of(page.get(page.size() - 1).id());
            } while (page.size() == PAGE);
        }
        return found;
    }

    Map<String, @Nullable Object> inputOf(Run run) {
        return runs.find(run.id()).map(Run::input).map(this::read).orElse(Map.of());
    }

    /** What became of a run that has ended or stands. */
    EndedOperation endOf(Run run) {
        Optional<Payload> output =
                run.state() == RunState.COMPLETED ? runs.find(run.id()).map(Run::output) : Optional.empty();
        return EndedOperation.of(run, output.map(this::read).orElse(Map.of()));
    }

    /** Empty for what is no object: anybody may start a run with any body. */
    private Map<String, @Nullable Object> read(Payload payload) {
        if (payload.kind() != Payload.Kind.JSON) {
            return Map.of();
        }
        String text = new String(bytes(payload), StandardCharsets.UTF_8);
        try {
            return json.apply(text);
        } catch (IllegalArgumentException e) {
            return Map.of();
        }
    }

    private byte[] bytes(Payload payload) {
        if (payload instanceof Payload.Inline inline) {
            return inline.bytes();
        }
        try (InputStream in = runs.openBlob(((Payload.Stored) payload).blobId())) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("A recorded body cannot be read", e);
        }
    }
}
