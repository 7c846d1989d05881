package dev.segno.camel;

import dev.segno.run.Engine;
import dev.segno.run.Run;
import dev.segno.run.Saga;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sagas as JSON. */
public final class SagaDocument {

    private SagaDocument() {}

    /** The run of a saga, without its input, output and steps. */
    public static Map<String, @Nullable Object> summary(Run run, Engine engine) {
        Map<String, @Nullable Object> document = RunDocument.summary(run, engine);
        document.put("stuck", Saga.isStuck(run));
        return document;
    }

    /** A saga with its parts. */
    public static Map<String, @Nullable Object> of(Saga saga, Engine engine) {
        Map<String, @Nullable Object> document = summary(saga.run(), engine);
        document.put("parts", saga.parts().stream().map(SagaDocument::part).toList());
        return document;
    }

    private static Map<String, @Nullable Object> part(Saga.Part part) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("key", part.key().path());
        document.put("state", part.state().name());
        document.put("options", Json.readObject(part.options()));
        document.put("begunAt", part.begunAt().toString());
        Instant undoneAt = part.undoneAt();
        document.put("undoneAt", undoneAt == null ? null : undoneAt.toString());
        return document;
    }
}
