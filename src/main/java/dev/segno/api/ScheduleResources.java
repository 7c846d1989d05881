package dev.segno.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.segno.camel.ScheduleDocument;
import dev.segno.security.ApiError;
import dev.segno.security.ApiException;
import dev.segno.security.UntrustedJson;
import dev.segno.trigger.Fire;
import dev.segno.trigger.Schedules;
import dev.segno.trigger.UnknownSchedule;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Schedules over HTTP: list, look at, pause, resume, trigger, backfill. */
public final class ScheduleResources implements ApiRoutes {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int NEXT_FIRES = 5;
    private static final int DEFAULT_LIMIT = 50;

    /** A trigger is answered with what became of it, if that is known so soon. */
    private static final long PATIENCE_SECONDS = 10;

    private final Schedules schedules;

    public ScheduleResources(Schedules schedules) {
        this.schedules = schedules;
    }

    @Override
    public void mount(Router router) {
        router.get("/api/schedules").handler(this::list);
        router.get("/api/schedules/:name").handler(this::get);
        router.post("/api/schedules/:name/pause").handler(ctx -> change(ctx, schedules::pause));
        router.post("/api/schedules/:name/resume").handler(ctx -> change(ctx, schedules::resume));
        router.post("/api/schedules/:name/trigger").handler(this::trigger);
        router.post("/api/schedules/:name/backfill").handler(this::backfill);
    }

    private void list(RoutingContext ctx) {
        Answers.answer(
                ctx,
                () -> Map.of(
                        "schedules",
                        schedules.list().stream().map(ScheduleDocument::summary).toList()));
    }

    private void get(RoutingContext ctx) {
        int limit = Parameters.limit(ctx);
        Answers.answer(ctx, () -> document(ctx.pathParam("name"), limit));
    }

    private Map<String, ?> document(String name, int limit) {
        return schedules
                .find(name, NEXT_FIRES, limit)
                .map(ScheduleDocument::of)
                .orElseThrow(() -> new UnknownSchedule(name));
    }

    /** Changes a schedule by its name. */
    @FunctionalInterface
    private interface Change {
        void apply(String name);
    }

    private void change(RoutingContext ctx, Change change) {
        String name = ctx.pathParam("name");
        Answers.answer(ctx, () -> {
            change.apply(name);
            return document(name, DEFAULT_LIMIT);
        });
    }

    private void trigger(RoutingContext ctx) {
        String name = ctx.pathParam("name");
        Answers.answer(ctx, () -> {
            Fire fire = triggered(name);
            if (fire.outcome() == Fire.Outcome.SKIPPED) {
                ObjectNode details = JSON.createObjectNode().put("runId", fire.runId());
                throw new ApiException(new ApiError(409, "busy", String.valueOf(fire.reason()), details));
            }
            if (fire.outcome() == Fire.Outcome.FAILED) {
                throw new ApiException(new ApiError(
                        502, "failed", "The route of the schedule failed; its reason is in the schedule's fires"));
            }
            ctx.response().setStatusCode(202);
            return ScheduleDocument.of(fire);
        });
    }

    private Fire triggered(String name) {
        try {
            return schedules
                    .trigger(name)
                    .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof TimeoutException) {
                throw new ApiException(
                        new ApiError(
                                504,
                                "timeout",
                                "The route is still at it; what comes of it is in the schedule's fires"),
                        e);
            }
            throw e;
        }
    }

    private void backfill(RoutingContext ctx) {
        String name = ctx.pathParam("name");
        Buffer body = ctx.body().buffer();
        JsonNode times = UntrustedJson.read(body == null ? new byte[0] : body.getBytes());
        Instant from = moment(times, "from");
        Instant to = moment(times, "to");
        Answers.answer(ctx, () -> {
            try {
                Map<String, ?> document = ScheduleDocument.of(schedules.backfill(name, from, to));
                ctx.response().setStatusCode(202);
                return document;
            } catch (IllegalArgumentException e) {
                throw new ApiException(ApiError.invalid(String.valueOf(e.getMessage())), e);
            }
        });
    }

    private static Instant moment(JsonNode times, String name) {
        try {
            Instant moment = OffsetDateTime.parse(times.path(name).asText()).toInstant();
            if (moment.isAfter(Instant.EPOCH)) {
                return moment;
            }
        } catch (DateTimeException e) {
            // Answered below, with what is allowed: one message for both mistakes.
        }
        throw Parameters.invalid(name + " must be a date and time with an offset, such as 2026-11-22T02:00:00+11:00");
    }
}
