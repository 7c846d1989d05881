package dev.segno.controlplane;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.segno.control.Settings;
import dev.segno.registry.Outbound;
import dev.segno.registry.Registry;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Asks the services that are registered or configured how they are, all at once. Thread-safe. */
final class SystemHealth {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Settings that name services, and by what name each is shown. */
    private static final List<String> CONFIGURED = List.of(
            "REPORTING_URL",
            "DOC_STORE_URL",
            "LOG_COLLECTOR_URL",
            "NOTIFICATION_URL",
            "SECURE_ANALYZER_URL",
            "ANALYSIS_SERVICE_URL",
            "CONSISTENCY_ENGINE_URL",
            "SOURCE_AGENT_URL",
            "GITHUB_AGENT_URL",
            "JIRA_AGENT_URL",
            "CONFLUENCE_AGENT_URL",
            "SWAGGER_AGENT_URL");

    private final Registry registry;
    private final Outbound outbound;
    private final Settings settings;
    private final Executor executor;

    SystemHealth(Registry registry, Outbound outbound, Settings settings, Executor executor) {
        this.registry = registry;
        this.outbound = outbound;
        this.settings = settings;
        this.executor = executor;
    }

    /** A service and who says where it is. */
    private record Service(String url, Outbound.NamedBy namedBy) {}

    void addTo(Map<String, ControlOperation> operations) {
        operations.put("health-system", this::all);
        operations.put("health-dependency", this::one);
    }

    private Map<String, Service> services() {
        Map<String, Service> services = new TreeMap<>();
        for (String name : CONFIGURED) {
            settings.find(name)
                    .ifPresent(url -> services.put(
                            name.substring(0, name.length() - "_URL".length())
                                    .toLowerCase(Locale.ROOT)
                                    .replace('_', '-'),
                            new Service(url, Outbound.NamedBy.SETTINGS)));
        }
        registry.list()
                .forEach(entry -> services.put(entry.name(), new Service(entry.baseUrl(), Outbound.NamedBy.CALLER)));
        return services;
    }

    private ControlAnswer all(ControlRequest request) {
        Map<String, CompletableFuture<Map<String, @Nullable Object>>> asked = new LinkedHashMap<>();
        services()
                .forEach((name, service) ->
                        asked.put(name, CompletableFuture.supplyAsync(() -> ask(service), executor)));
        Map<String, @Nullable Object> answers = new LinkedHashMap<>();
        int healthy = 0;
        for (Map.Entry<String, CompletableFuture<Map<String, @Nullable Object>>> one : asked.entrySet()) {
            Map<String, @Nullable Object> answer = one.getValue().join();
            healthy += "healthy".equals(answer.get("status")) ? 1 : 0;
            answers.put(one.getKey(), answer);
        }
        Map<String, @Nullable Object> data = JsonTree.of(
                "overall_healthy",
                healthy == answers.size(),
                "healthy_count",
                healthy,
                "total_count",
                answers.size(),
                "services",
                answers);
        return ControlAnswer.wrapped(healthy + " of " + answers.size() + " services are healthy", data)
                .withStatus("healthy")
                .repeating(List.of("services"));
    }

    private ControlAnswer one(ControlRequest request) {
        String name = Wrong.within(request, "service", 100);
        Service service = services().get(name);
        if (service == null) {
            throw Wrong.notFound("Service not found");
        }
        Map<String, @Nullable Object> fields = JsonTree.of("service", name);
        fields.putAll(ask(service));
        return ControlAnswer.flat(fields);
    }

    private Map<String, @Nullable Object> ask(Service service) {
        long began = System.nanoTime();
        try {
            Outbound.Answer answer = outbound.get(
                    service.url().replaceAll("/+$", "") + "/health",
                    Map.of("Accept", "application/json"),
                    service.namedBy());
            if (answer.status() == 200 && saysHealthy(answer.body())) {
                return JsonTree.of(
                        "status",
                        "healthy",
                        "response_time_ms",
                        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began));
            }
            return JsonTree.of(
                    "status",
                    "unhealthy",
                    "error",
                    answer.status() == 200 ? "does not say that it is healthy" : "answered " + answer.status());
        } catch (IOException e) {
            return JsonTree.of("status", "unhealthy", "error", Masking.text(String.valueOf(e.getMessage())));
        }
    }

    private static boolean saysHealthy(String body) {
        try {
            return JSON.readTree(body).path("status").asText().equals("healthy");
        } catch (JsonProcessingException e) {
            return false;
        }
    }
}
