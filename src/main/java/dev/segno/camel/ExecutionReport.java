package dev.segno.camel;

import dev.segno.camel.service.CallFailed;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * {@code #executionReport}: what became of each branch of a split or multicast, in their order: {@code {status: "success",
 * data: BODY}} or {@code {status: "failed", error: TEXT}}. A branch that fails, after the tries of its steps, is reported
 * and does not fail the route. Immutable.
 */
final class ExecutionReport implements AggregationStrategy {

    static final String NAME = "executionReport";

    @Override
    public Exchange aggregate(@Nullable Exchange oldExchange, Exchange newExchange) {
        Exchange result = oldExchange == null ? newExchange : oldExchange;
        if (newExchange.getException() instanceof RunStopped) {
            // No failure: the run goes no further here, and nobody may go on as if it had.
            RunStopped.mark(result);
            return result;
        }
        Report report = oldExchange != null && oldExchange.getMessage().getBody() instanceof Report known
                ? known
                : new Report(new ArrayList<>());
        report.entries().add(entryOf(newExchange));
        if (newExchange.getException() != null) {
            goOn(newExchange);
        }
        result.getMessage().setBody(report);
        return result;
    }

    /** What has come in so far; as a mere list it could be the body of a branch. */
    private record Report(List<@Nullable Object> entries) {}

    @Override
    public void onCompletion(@Nullable Exchange exchange) {
        if (exchange != null && exchange.getMessage().getBody() instanceof Report report) {
            exchange.getMessage().setBody(report.entries());
        }
    }

    private static Map<String, @Nullable Object> entryOf(Exchange branch) {
        Map<String, @Nullable Object> entry = new LinkedHashMap<>();
        Exception failure = branch.getException();
        if (failure == null) {
            entry.put("status", "success");
            entry.put("data", Json.plain(branch.getMessage().getBody()));
        } else {
            entry.put("status", "failed");
            entry.put("error", textOf(failure));
        }
        return entry;
    }

    /** What a call of a service says of itself, which may stand behind what is told to others. */
    private static String textOf(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CallFailed) {
                return String.valueOf(cause.getMessage());
            }
        }
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }

    private static void goOn(Exchange exchange) {
        exchange.setException(null);
        exchange.removeProperty(Exchange.EXCEPTION_CAUGHT);
        exchange.setRollbackOnly(false);
        exchange.setRouteStop(false);
        exchange.getExchangeExtension().setFailureHandled(false);
        exchange.getExchangeExtension().setRedeliveryExhausted(false);
        exchange.getExchangeExtension().setErrorHandlerHandled(null);
    }
}
