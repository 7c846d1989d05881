package dev.segno.api;

import dev.segno.run.RunQuery;
import dev.segno.run.RunState;
import dev.segno.security.ApiError;
import dev.segno.security.ApiException;
import io.vertx.ext.web.RoutingContext;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What callers say in the query of a request. Stateless, hence safe for concurrent use. */
final class Parameters {

    private static final int DEFAULT_LIMIT = 50;
    private static final Pattern RUN_ID = Pattern.compile("[0-9A-HJKMNP-TV-Z]{26}");

    private Parameters() {}

    /** @throws ApiException with status 400 when it is given more than once */
    static Optional<String> parameter(RoutingContext ctx, String name) {
        List<String> values = ctx.queryParam(name);
        if (values.size() > 1) {
            throw invalid(name + " is given more than once");
        }
        return values.stream().findFirst();
    }

    /** Rows of a page, 1 to {@link RunQuery#MAX_LIMIT}. */
    static int limit(RoutingContext ctx) {
        String text = parameter(ctx, "limit").orElse(String.valueOf(DEFAULT_LIMIT));
        if (text.matches("\\d{1,4}")) {
            int limit = Integer.parseInt(text);
            if (limit >= 1 && limit <= RunQuery.MAX_LIMIT) {
                return limit;
            }
        }
        throw invalid("limit must be a whole number from 1 to " + RunQuery.MAX_LIMIT);
    }

    /** Where the next page of runs begins. */
    static Optional<String> cursor(RoutingContext ctx) {
        Optional<String> cursor = parameter(ctx, "cursor");
        if (cursor.isPresent() && !RUN_ID.matcher(cursor.get()).matches()) {
            throw invalid("cursor must be the nextCursor of an earlier page");
        }
        return cursor;
    }

    /** The state that runs are asked for in, in any case of letters. */
    static Optional<RunState> state(RoutingContext ctx) {
        return parameter(ctx, "state")
                .map(text -> Arrays.stream(RunState.values())
                        .filter(state -> state.name().equalsIgnoreCase(text))
                        .findFirst()
                        .orElseThrow(() -> invalid("state must be one of " + Arrays.toString(RunState.values()))));
    }

    /** A parameter that is {@code true} or {@code false}, which it is when it is left out. */
    static boolean isTrue(RoutingContext ctx, String name) {
        String text = parameter(ctx, name).orElse("false");
        if (!text.equals("true") && !text.equals("false")) {
            throw invalid(name + " must be 'true' or 'false'");
        }
        return text.equals("true");
    }

    /** The error for a request that is wrong. */
    static ApiException invalid(String message) {
        return new ApiException(ApiError.invalid(message));
    }
}
