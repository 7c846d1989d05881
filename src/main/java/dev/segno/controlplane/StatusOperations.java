package dev.segno.controlplane;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.segno.control.Settings;
import dev.segno.run.Engine;
import dev.segno.run.RunState;
import dev.segno.security.ApiError;
import dev.segno.security.ApiException;
import dev.segno.trace.TraceStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** How this process is: alive, ready, since when, with how much to do. Thread-safe. */
final class StatusOperations {

    private static final List<String> CAPABILITIES =
            List.of("workflow_orchestration", "service_discovery", "cross_service_coordination");

    private final Settings settings;
    private final Engine engine;
    private final TraceStore runs;
    private final IntSupplier routes;
    private final Optional<BooleanSupplier> broker;
    private final Supplier<String> figures;
    private final Clock clock;
    private final Instant startedAt;

    /**
     * @param routes  how many routes there are
     * @param broker  whether the broker answers; empty where none is configured
     * @param figures all figures of the node as text
     */
    StatusOperations(
            Settings settings,
            Engine engine,
            TraceStore runs,
            IntSupplier routes,
            Optional<BooleanSupplier> broker,
            Supplier<String> figures,
            Clock clock) {
        this.settings = settings;
        this.engine = engine;
        this.runs = runs;
        this.routes = routes;
        this.broker = broker;
        this.figures = figures;
        this.clock = clock;
        this.startedAt = clock.instant();
    }

    void addTo(Map<String, ControlOperation> operations) {
        operations.put("health", this::health);
        operations.put("ready", this::ready);
        operations.put("info", this::info);
        operations.put("metrics", this::metrics);
        operations.put("metrics-text", request -> ControlAnswer.flat(JsonTree.of("text", figures.get())));
    }

    private ControlAnswer health(ControlRequest request) {
        return ControlAnswer.flat(JsonTree.of(
                "status",
                "healthy",
                "service",
                Product.SERVICE,
                "version",
                Product.VERSION,
                "uptime_seconds",
                uptimeSeconds(),
                "environment",
                settings.get("ENVIRONMENT", "development")));
    }

    private ControlAnswer ready(ControlRequest request) {
        Map<String, String> checks = new LinkedHashMap<>();
        checks.put("store", engine.store().isWritable() ? "ok" : "down");
        broker.ifPresent(check -> checks.put("redis", check.getAsBoolean() ? "ok" : "down"));
        checks.put("routes", routes.getAsInt() > 0 ? "ok" : "down");
        boolean ready = !checks.containsValue("down");
        if (ready) {
            return ControlAnswer.flat(
                    JsonTree.of("ready", true, "status", "ready", "service", Product.SERVICE, "checks", checks));
        }
        var details = JsonNodeFactory.instance.objectNode();
        checks.forEach(details::put);
        throw new ApiException(new ApiError(503, "not-ready", "The server is not ready", details));
    }

    private ControlAnswer info(ControlRequest request) {
        return ControlAnswer.wrapped(
                        "information on the server",
                        JsonTree.of(
                                "service",
                                Product.SERVICE,
                                "version",
                                Product.VERSION,
                                "capabilities",
                                CAPABILITIES,
                                "started_at",
                                startedAt.toString(),
                                "routes",
                                routes.getAsInt()))
                .repeating(List.of("service", "version"));
    }

    private ControlAnswer metrics(ControlRequest request) {
        Map<RunState, Long> states = runs.states();
        Map<String, @Nullable Object> workflows = JsonTree.of(
                "running",
                count(states, RunState.QUEUED, RunState.RUNNING, RunState.WAITING, RunState.COMPENSATING),
                "completed",
                count(states, RunState.COMPLETED),
                "failed",
                count(
                        states,
                        RunState.PARKED,
                        RunState.BLOCKED,
                        RunState.FAILED,
                        RunState.CANCELLED,
                        RunState.COMPENSATED));
        return ControlAnswer.wrapped(
                        "metrics of the server",
                        JsonTree.of(
                                "service",
                                Product.SERVICE,
                                "routes",
                                routes.getAsInt(),
                                "workflows",
                                workflows,
                                "dlq",
                                JsonTree.of("depth", count(states, RunState.PARKED)),
                                "uptime_seconds",
                                uptimeSeconds()))
                .repeating(List.of("service", "routes"));
    }

    private static long count(Map<RunState, Long> states, RunState... wanted) {
        long count = 0;
        for (RunState state : wanted) {
            count += states.getOrDefault(state, 0L);
        }
        return count;
    }

    private double uptimeSeconds() {
        return Duration.between(startedAt, clock.instant()).toMillis() / 1000.0;
    }
}
