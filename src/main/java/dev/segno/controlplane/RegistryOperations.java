package dev.segno.controlplane;

import dev.segno.event.Event;
import dev.segno.event.EventLog;
import dev.segno.event.NewEvent;
import dev.segno.registry.ApiDifference;
import dev.segno.registry.ApiDrift;
import dev.segno.registry.Outbound;
import dev.segno.registry.Peers;
import dev.segno.registry.Registry;
import dev.segno.registry.Registry.Registration;
import dev.segno.registry.ServiceDocument;
import dev.segno.registry.ServiceEntry;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Services and peers. Thread-safe. */
final class RegistryOperations {

    private static final int MAX_NAME = 100;

    /** How long a registration waits for peers before it is answered; what they have not taken is sent later. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Registry registry;
    private final Peers peers;
    private final ApiDrift drift;
    private final Outbound outbound;
    private final EventLog events;

    RegistryOperations(Registry registry, Peers peers, ApiDrift drift, Outbound outbound, EventLog events) {
        this.registry = registry;
        this.peers = peers;
        this.drift = drift;
        this.outbound = outbound;
        this.events = events;
    }

    void addTo(Map<String, ControlOperation> operations) {
        operations.put("registry-register", this::register);
        operations.put("registry-list", this::list);
        operations.put("registry-services", this::services);
        operations.put("registry-sync-peers", this::syncPeers);
        operations.put("registry-poll-openapi", this::poll);
        operations.put("peers", this::peers);
    }

    private ControlAnswer register(ControlRequest request) {
        Registration wish = registration(request);
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("status", "registered");
        Optional<String> origin = request.parameter(ServiceDocument.ORIGIN);
        if (origin.isPresent()) {
            boolean taken = !origin.get().equals(registry.self())
                    && registry.take(wish, origin.get(), version(request), registeredAt(request));
            fields.put("count", registry.list().size());
            fields.put("taken", taken);
            return ControlAnswer.flat(fields);
        }
        registry.register(wish);
        CompletableFuture<Peers.Outcome> sending = peers.send();
        fields.put("count", registry.list().size());
        fields.put("replication", replication(sending));
        return ControlAnswer.flat(fields);
    }

    private Map<String, @Nullable Object> replication(CompletableFuture<Peers.Outcome> sending) {
        int all = peers.list().size();
        try {
            Peers.Outcome outcome = sending.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            List<Map<String, @Nullable Object>> failed = outcome.failures().stream()
                    .map(failure -> JsonTree.of("peer", failure.peer(), "error", failure.error()))
                    .toList();
            return JsonTree.of("peers", all, "ok", all - failed.size(), "failed", failed);
        } catch (TimeoutException e) {
            return JsonTree.of("peers", all, "ok", 0, "failed", List.of(), "pending", all);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return JsonTree.of("peers", all, "ok", 0, "failed", List.of(), "pending", all);
        } catch (ExecutionException e) {
            throw new IllegalStateException("Peers could not be told", e);
        }
    }

    private Registration registration(ControlRequest request) {
        String name = request.text("name")
                .or(() -> request.text("service_name"))
                .orElseThrow(() -> Wrong.missing("name", "name is required"));
        String baseUrl = request.text("base_url")
                .or(() -> request.text("service_url"))
                .orElseThrow(() -> Wrong.missing("base_url", "base URL (base_url) is required"));
        if (name.length() > MAX_NAME) {
            throw Wrong.invalid("name", "has more than " + MAX_NAME + " characters");
        }
        requireHttp("base_url", baseUrl);
        Optional<String> openapiUrl = request.text("openapi_url");
        openapiUrl.ifPresent(url -> requireHttp("openapi_url", url));
        List<Object> endpoints = new ArrayList<>();
        if (request.body().get("endpoints") instanceof List<?> list) {
            for (Object endpoint : list) {
                endpoints.add(endpoint instanceof String path ? Map.of("path", path) : endpoint);
            }
        }
        return new Registration(name, baseUrl, openapiUrl, endpoints, request.object("metadata"));
    }

    private void requireHttp(String field, String url) {
        if (!url.matches("(?i)https?://[^/?#].*")) {
            throw Wrong.invalid(field, "must be an http or https URL with a host");
        }
        outbound.require(field, url);
    }

    private static long version(ControlRequest request) {
        return request.parameter(ServiceDocument.VERSION)
                .filter(text -> text.matches("\\d{1,18}"))
                .map(Long::valueOf)
                .orElse(1L);
    }

    private Instant registeredAt(ControlRequest request) {
        try {
            return request.text("registered_at").map(Instant::parse).orElseGet(Instant::now);
        } catch (DateTimeParseException e) {
            throw Wrong.invalid("registered_at", "must be a time such as 2026-01-02T03:04:05Z");
        }
    }

    private List<Map<String, @Nullable Object>> documents() {
        String self = registry.self();
        return registry.list().stream()
                .map(entry -> ServiceDocument.of(entry, self))
                .toList();
    }

    private ControlAnswer list(ControlRequest request) {
        List<Map<String, @Nullable Object>> services = documents();
        return ControlAnswer.flat(JsonTree.of("services", services, "count", services.size()));
    }

    private ControlAnswer services(ControlRequest request) {
        List<Map<String, @Nullable Object>> services = documents();
        return ControlAnswer.wrapped(
                services.size() + " services", JsonTree.of("services", services, "count", services.size()));
    }

    private ControlAnswer syncPeers(ControlRequest request) {
        Peers.Outcome outcome = peers.sendAll();
        List<Map<String, @Nullable Object>> failed = outcome.failures().stream()
                .map(failure ->
                        JsonTree.of("peer", failure.peer(), "service", failure.service(), "error", failure.error()))
                .toList();
        return ControlAnswer.flat(JsonTree.of("sent", outcome.accepted(), "peers", outcome.peers(), "failed", failed));
    }

    private ControlAnswer poll(ControlRequest request) {
        List<Map<String, @Nullable Object>> results = drift
                .poll(
                        request.texts("services"),
                        request.texts("service_urls"),
                        (service, difference) -> drifted(service, difference, request.correlationId()))
                .stream()
                .map(RegistryOperations::document)
                .toList();
        return ControlAnswer.flat(JsonTree.of("results", results));
    }

    private void drifted(ServiceEntry service, ApiDifference difference, String correlationId) {
        Map<String, @Nullable Object> payload = JsonTree.of(
                "correlation_id",
                correlationId,
                "count",
                1,
                "severity_counts",
                Map.of(difference.severity(), 1),
                "type",
                "api_drift_candidate",
                "service",
                service.name());
        events.publish(
                new NewEvent(
                        Optional.empty(),
                        "findings.created",
                        Optional.empty(),
                        payload,
                        Event.Priority.NORMAL,
                        Optional.of(correlationId),
                        Optional.empty(),
                        Product.SERVICE),
                Optional.empty());
    }

    private static Map<String, @Nullable Object> document(ApiDrift.Result result) {
        if (result.error() != null) {
            return JsonTree.of("service", result.service(), "error", result.error());
        }
        return JsonTree.of(
                "service",
                result.service(),
                "changed",
                result.changed(),
                "hash",
                result.hash(),
                "previous_hash",
                result.previousHash(),
                "baseline",
                result.baseline(),
                "diff",
                JsonTree.of(
                        "added",
                        result.difference().added(),
                        "removed",
                        result.difference().removed(),
                        "changed",
                        result.difference().changed()));
    }

    private ControlAnswer peers(ControlRequest request) {
        List<Peers.Peer> all = peers.list();
        return ControlAnswer.flat(JsonTree.of(
                "peers",
                all.stream().map(Peers.Peer::url).toList(),
                "count",
                all.size(),
                "details",
                all.stream().map(RegistryOperations::document).toList()));
    }

    private static Map<String, @Nullable Object> document(Peers.Peer peer) {
        return JsonTree.of(
                "url",
                peer.url(),
                "status",
                peer.status().name().toLowerCase(Locale.ROOT),
                "last_contact",
                JsonTree.text(peer.lastContact()),
                "last_error",
                peer.lastError());
    }
}
