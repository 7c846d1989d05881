package dev.segno.controlplane;

import dev.segno.control.Settings;
import dev.segno.control.SettingsCatalog;
import dev.segno.event.EventLog;
import dev.segno.event.EventSink;
import dev.segno.event.EventStore;
import dev.segno.registry.ApiDrift;
import dev.segno.registry.Outbound;
import dev.segno.registry.Peers;
import dev.segno.registry.Registry;
import dev.segno.registry.RegistryStore;
import dev.segno.run.Engine;
import dev.segno.security.OutboundRules;
import dev.segno.trace.TraceStore;
import dev.segno.trace.Traces;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Puts the parts of the control plane together, and runs what goes on by itself. Thread-safe. */
public final class ControlPlane implements AutoCloseable {

    private final Registry registry;
    private final EventLog events;
    private final Traces traces;
    private final Peers peers;
    private final Outbound outbound;
    private final DeadLetterRetries retries;
    private final ControlOperations operations;

    /**
     * What it is made of.
     *
     * @param outbound  calls others; ends with the control plane
     * @param sink      where events go
     * @param broker    whether the broker answers; empty where none is configured
     * @param workflows the loaded orchestrations
     * @param routes    how many routes there are
     * @param port      on which the server listens
     * @param figures   all figures of the node as text
     * @param more      operations that others add, by their names
     * @param json      reads a JSON object
     * @param executor  for calls of others, which block
     * @param later     runs a short task after a while
     */
    public record Parts(
            Settings settings,
            Clock clock,
            Engine engine,
            RegistryStore registry,
            EventStore events,
            TraceStore traces,
            Outbound outbound,
            EventSink sink,
            Optional<BooleanSupplier> broker,
            Supplier<List<Workflow>> workflows,
            IntSupplier routes,
            IntSupplier port,
            Supplier<String> figures,
            Map<String, ControlOperation> more,
            Function<String, Map<String, @Nullable Object>> json,
            Executor executor,
            BiConsumer<Duration, Runnable> later) {}

    public ControlPlane(Parts parts) {
        Settings settings = parts.settings();
        outbound = parts.outbound();
        registry = new Registry(parts.registry(), parts.clock());
        events = new EventLog(parts.events(), parts.sink(), parts.clock());
        traces = new Traces(parts.traces(), parts.engine().store(), parts.clock());
        peers = new Peers(
                registry,
                outbound,
                Peers.addresses(settings.get("ORCHESTRATOR_PEERS", "")),
                settings.find("PEER_TOKEN"),
                parts.executor(),
                parts.later());
        DeadLetterOperations deadLetters = new DeadLetterOperations(parts.engine());
        retries = new DeadLetterRetries(
                parts.engine(),
                deadLetters,
                folders(settings.get(SettingsCatalog.RETRIED_PACKAGES)),
                settings.get(SettingsCatalog.RETRIED_EVERY),
                parts.executor(),
                parts.later());
        Map<String, ControlOperation> all = new HashMap<>();
        new StatusOperations(
                        settings,
                        parts.engine(),
                        parts.traces(),
                        parts.routes(),
                        parts.broker(),
                        parts.figures(),
                        parts.clock())
                .addTo(all);
        new SystemHealth(registry, outbound, settings, parts.executor()).addTo(all);
        ApiDrift drift = new ApiDrift(registry, outbound, parts.executor());
        new RegistryOperations(registry, peers, drift, outbound, events).addTo(all);
        new EventOperations(events, parts.engine().store()).addTo(all);
        deadLetters.addTo(all);
        new SagaOperations(parts.engine(), traces, parts.json()).addTo(all);
        new TraceOperations(traces).addTo(all);
        new WorkflowOperations(parts.engine(), parts.traces(), parts.workflows()).addTo(all);
        all.put("allowed-urls", new AllowedUrls(OutboundRules.from(settings)));
        all.put("config-effective", new EffectiveConfiguration(settings, parts.port()));
        all.putAll(parts.more());
        operations = new ControlOperations(all);
    }

    private static List<String> folders(String setting) {
        return Arrays.stream(setting.split(","))
                .map(String::strip)
                .filter(folder -> !folder.isEmpty() && !folder.equals("none"))
                .toList();
    }

    /** What routes can do as {@code control:NAME}. */
    public ControlOperations operations() {
        return operations;
    }

    public Registry registry() {
        return registry;
    }

    public EventLog events() {
        return events;
    }

    public Traces traces() {
        return traces;
    }

    /** Begins to tell peers what they have missed, and to retry parked runs. */
    public void begin() {
        peers.begin();
        retries.begin();
    }

    @Override
    public void close() {
        peers.close();
        retries.close();
        outbound.close();
    }
}
