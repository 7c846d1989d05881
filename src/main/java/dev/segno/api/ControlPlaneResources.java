package dev.segno.api;

import dev.segno.controlplane.ControlAnswer;
import dev.segno.controlplane.ControlOperation;
import dev.segno.controlplane.ControlOperations;
import dev.segno.controlplane.ControlRequest;
import dev.segno.security.ApiError;
import dev.segno.security.ApiException;
import dev.segno.security.RequestId;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Services, events, traces and settings over HTTP, wherever the packages are. Documents are those of the control plane. */
public final class ControlPlaneResources implements ApiRoutes {

    private final Supplier<ControlOperations> operations;

    /** @param operations made when something is asked first */
    public ControlPlaneResources(Supplier<ControlOperations> operations) {
        this.operations = operations;
    }

    @Override
    public void mount(Router router) {
        router.get("/api/services").handler(ctx -> answer(ctx, "registry-services", Map.of()));
        router.get("/api/peers").handler(ctx -> answer(ctx, "peers", Map.of()));
        router.get("/api/config").handler(ctx -> answer(ctx, "config-effective", Map.of()));
        router.get("/api/traces/:id")
                .handler(ctx -> answer(ctx, "tracing-trace", Map.of("trace_id", ctx.pathParam("id"))));
        router.get("/api/events").handler(this::events);
    }

    private void events(RoutingContext ctx) {
        Map<String, String> parameters = new LinkedHashMap<>();
        Parameters.parameter(ctx, "type").ifPresent(type -> parameters.put("event_type", type));
        Parameters.parameter(ctx, "correlationId").ifPresent(id -> parameters.put("correlation_id", id));
        parameters.put("limit", String.valueOf(Parameters.limit(ctx)));
        answer(ctx, "events-history", parameters);
    }

    private void answer(RoutingContext ctx, String name, Map<String, String> parameters) {
        String requestId = RequestId.of(ctx.request());
        Answers.answer(ctx, () -> {
            ControlOperation operation = operations.get().find(name).orElseThrow();
            ControlAnswer answer = operation.answer(new ControlRequest(
                    Map.of(),
                    parameter -> Optional.ofNullable(parameters.get(parameter)),
                    requestId,
                    requestId,
                    Optional.empty()));
            if (Boolean.FALSE.equals(answer.fields().get("found"))) {
                throw new ApiException(new ApiError(404, "not-found", "There is no such trace, or it is gone"));
            }
            return answer.data() == null ? answer.fields() : answer.data();
        });
    }
}
