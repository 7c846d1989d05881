package dev.segno.camel;

import dev.segno.run.Attempt;
import dev.segno.run.Edit;
import dev.segno.run.Engine;
import dev.segno.run.Execution;
import dev.segno.run.LiveStep;
import dev.segno.run.ParentLink;
import dev.segno.run.Payload;
import dev.segno.run.Repin;
import dev.segno.run.Run;
import dev.segno.run.RunView;
import dev.segno.run.StartHeaders;
import dev.segno.run.StepError;
import dev.segno.run.StepRecord;
import dev.segno.run.Wait;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Runs as JSON: the one shape in which the API and {@code runs:} show them. */
public final class RunDocument {

    /** Bodies above this many bytes are shown by their kind and length only. */
    private static final int SHOWN_BYTES = 64 * 1024;

    private RunDocument() {}

    /** A run without its input, output and steps. */
    public static Map<String, @Nullable Object> summary(Run run, Engine engine) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("id", run.id());
        document.put("orchestration", run.orchestration());
        document.put("version", run.version());
        document.put("state", run.state().name());
        document.put("createdAt", text(run.createdAt()));
        document.put("startedAt", text(run.createdAt()));
        document.put("endedAt", text(run.endedAt()));
        document.put("error", error(run.error()));
        document.put(
                "attributes",
                engine.live(run.id())
                        .map(Execution::attributes)
                        .map(live -> (Map<String, @Nullable Object>) live.asMap())
                        .orElseGet(() -> Json.readObject(run.attributes())));
        document.put("retries", run.retries());
        return document;
    }

    /** A run with everything: its input, output and steps, in the order in which they were recorded. */
    static Map<String, @Nullable Object> of(RunView view, PayloadCodec codec) {
        return of(view, codec, false);
    }

    /** @param whole whether the run's output is shown however long it is */
    static Map<String, @Nullable Object> of(RunView view, PayloadCodec codec, boolean whole) {
        Map<String, @Nullable Object> document = summary(view.run(), view.engine());
        document.put("correlationId", StartHeaders.correlationId(view.run()));
        document.put("traceId", StartHeaders.traceId(view.run()));
        document.put("input", body(view.run().input(), codec));
        document.put("output", body(view.run().output(), codec, whole ? Long.MAX_VALUE : SHOWN_BYTES));
        List<Map<String, @Nullable Object>> steps = new ArrayList<>();
        for (RunView.Step step : view.steps()) {
            steps.add(step(step, codec));
        }
        document.put("steps", steps);
        view.waiting().ifPresent(wait -> document.put("waiting", waiting(wait)));
        view.parent().ifPresent(parent -> document.put("parent", parent(parent)));
        if (view.chain().size() > 1) {
            document.put("chain", view.chain());
        }
        if (!view.forks().isEmpty()) {
            document.put("forks", view.forks());
        }
        if (!view.edits().isEmpty()) {
            document.put(
                    "edits",
                    view.edits().stream().map(edit -> edit(edit, codec)).toList());
        }
        if (!view.repins().isEmpty()) {
            document.put(
                    "versions", view.repins().stream().map(RunDocument::repin).toList());
        }
        return document;
    }

    private static Map<String, @Nullable Object> waiting(Wait wait) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("key", wait.key().path());
        document.put("signal", wait.signal());
        document.put("run", wait.child());
        document.put("since", text(wait.since()));
        document.put("until", text(wait.until()));
        return document;
    }

    private static Map<String, @Nullable Object> parent(ParentLink parent) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("run", parent.runId());
        document.put("step", parent.step().path());
        document.put("kind", parent.kind().name());
        return document;
    }

    private static Map<String, @Nullable Object> edit(Edit edit, PayloadCodec codec) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("step", edit.key().path());
        document.put("retry", edit.retry());
        document.put("at", text(edit.at()));
        if (edit.body() != null) {
            document.put("body", body(edit.body(), codec));
        }
        String variables = edit.variables();
        if (variables != null) {
            document.put("variables", Json.readObject(variables));
        }
        return document;
    }

    private static Map<String, @Nullable Object> repin(Repin repin) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("retry", repin.retry());
        document.put("from", repin.from());
        document.put("to", repin.to());
        document.put("at", text(repin.at()));
        return document;
    }

    /** A record by itself, as an event. */
    public static Map<String, @Nullable Object> step(StepRecord record) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        boolean handledFailure = record.outcome() instanceof StepRecord.HandledFailure;
        document.put("key", record.key().path());
        document.put("state", handledFailure ? "HANDLED" : "COMPLETED");
        if (record.kind() != StepRecord.Kind.STEP) {
            document.put("kind", record.kind().name().toLowerCase(Locale.ROOT));
        }
        document.put("attempt", record.attempt());
        document.put("startedAt", text(record.startedAt()));
        document.put("endedAt", text(record.endedAt()));
        if (record.outcome() instanceof StepRecord.HandledFailure handled) {
            document.put("error", error(handled.error()));
        }
        return document;
    }

    private static Map<String, @Nullable Object> step(RunView.Step step, PayloadCodec codec) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("key", step.key().path());
        document.put("state", step.state().name());
        step.record()
                .map(StepRecord::kind)
                .filter(kind -> kind != StepRecord.Kind.STEP)
                .ifPresent(kind -> document.put("kind", kind.name().toLowerCase(Locale.ROOT)));
        List<Map<String, @Nullable Object>> attempts = new ArrayList<>();
        for (Attempt attempt : step.failedAttempts()) {
            attempts.add(attempt(attempt.number(), attempt.startedAt(), attempt.endedAt(), attempt.error()));
        }
        Optional<StepRecord> record = step.record();
        Optional<LiveStep> live = step.live();
        Instant startedAt = step.failedAttempts().isEmpty()
                ? record.map(StepRecord::startedAt)
                        .or(() -> live.map(LiveStep::startedAt))
                        .orElse(null)
                : step.failedAttempts().get(0).startedAt();
        if (record.isPresent() && record.get().outcome() instanceof StepRecord.Completed completed) {
            attempts.add(attempt(
                    record.get().attempt(),
                    record.get().startedAt(),
                    record.get().endedAt(),
                    null));
            document.put("output", body(completed.body(), codec));
        } else if (record.isPresent() && record.get().kind() == StepRecord.Kind.AWAIT) {
            document.put("timedOut", record.get().outcome() instanceof StepRecord.TimedOut);
            if (record.get().outcome() instanceof StepRecord.Signalled signalled) {
                document.put("output", body(signalled.body(), codec));
            }
        } else if (record.isPresent() && record.get().outcome() instanceof StepRecord.HandledFailure handled) {
            document.put("error", error(handled.error()));
        } else if (live.isPresent() && live.get().nextAttempt() == null) {
            attempts.add(attempt(live.get().attempt(), live.get().startedAt(), null, null));
        }
        live.map(LiveStep::nextAttempt).ifPresent(next -> document.put("nextAttemptAt", text(next)));
        document.put("attempts", attempts);
        document.put("startedAt", text(startedAt));
        document.put("endedAt", text(record.map(StepRecord::endedAt).orElse(null)));
        return document;
    }

    private static Map<String, @Nullable Object> attempt(
            int number, Instant startedAt, @Nullable Instant endedAt, @Nullable StepError error) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("number", number);
        document.put("startedAt", text(startedAt));
        document.put("endedAt", text(endedAt));
        document.put("error", error(error));
        return document;
    }

    private static @Nullable Map<String, @Nullable Object> error(@Nullable StepError error) {
        if (error == null) {
            return null;
        }
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        // The simple name says what happened; packages are nobody's business outside.
        document.put("type", error.type().substring(error.type().lastIndexOf('.') + 1));
        document.put("message", error.message());
        document.put("step", error.step());
        return document;
    }

    private static @Nullable Object body(@Nullable Payload payload, PayloadCodec codec) {
        return body(payload, codec, SHOWN_BYTES);
    }

    private static @Nullable Object body(@Nullable Payload payload, PayloadCodec codec, long mostBytes) {
        if (payload == null || payload.kind() == Payload.Kind.NONE) {
            return null;
        }
        boolean text = payload.kind() == Payload.Kind.JSON || payload.kind() == Payload.Kind.TEXT;
        if (text && payload.length() <= mostBytes) {
            return codec.value(payload);
        }
        return Map.of("kind", payload.kind().name(), "bytes", payload.length());
    }

    private static @Nullable String text(@Nullable Instant instant) {
        return instant == null ? null : instant.toString();
    }
}
