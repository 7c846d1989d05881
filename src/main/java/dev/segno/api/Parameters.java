package dev.segno.api;

import com.github.f4b6a3.ulid.Ulid;
import dev.segno.run.RunQuery;
import dev.segno.run.RunState;
import dev.segno.security.ApiError;
import dev.segno.security.ApiException;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** What callers say in the query of a request that was held against the API's document. Stateless, hence safe for concurrent use. */
final class Parameters {

    private static final int DEFAULT_LIMIT = 50;

    private Parameters() {}

    /** A parameter that may be left out. */
    static Optional<String> parameter(RoutingContext ctx, String name) {
        return ctx.queryParam(name).stream().findFirst();
    }

    /** Rows of a page, 1 to {@link RunQuery#MAX_LIMIT}. */
    static int limit(RoutingContext ctx) {
        return parameter(ctx, "limit").map(Integer::parseInt).orElse(DEFAULT_LIMIT);
    }

    /** Where the next page of runs begins. */
    static Optional<String> cursor(RoutingContext ctx) {
        return parameter(ctx, "cursor");
    }

    /**
     * Where the next page of runs begins; not behind the time {@code until}. Ids of runs begin with the time at which they
     * were made.
     */
    static Optional<String> cursorUntil(RoutingContext ctx) {
        Optional<String> until = time(ctx, "until")
                .map(time -> Ulid.min(Math.max(0, time.toEpochMilli())).toString());
        return Stream.of(cursor(ctx), until).flatMap(Optional::stream).min(Comparator.naturalOrder());
    }

    /** A time. */
    static Optional<Instant> time(RoutingContext ctx, String name) {
        try {
            return parameter(ctx, name).map(OffsetDateTime::parse).map(OffsetDateTime::toInstant);
        } catch (DateTimeParseException e) {
            throw invalid(name + " must be a time such as 2026-01-02T00:00:00Z");
        }
    }

    /** The state that runs are asked for in. */
    static Optional<RunState> state(RoutingContext ctx) {
        return parameter(ctx, "state").map(RunState::valueOf);
    }

    /** A parameter that is {@code true} or {@code false}, which it is when it is left out. */
    static boolean isTrue(RoutingContext ctx, String name) {
        return parameter(ctx, name).map(Boolean::parseBoolean).orElse(false);
    }

    /** The error for a request that is wrong. */
    static ApiException invalid(String message) {
        return new ApiException(ApiError.invalid(message));
    }
}
