package dev.segno;

import dev.segno.api.ApiDocument;
import dev.segno.api.AuditResources;
import dev.segno.api.AuditTrail;
import dev.segno.api.ControlPlaneResources;
import dev.segno.api.DeadLetterResources;
import dev.segno.api.HttpServer;
import dev.segno.api.HubEventResources;
import dev.segno.api.KeyResources;
import dev.segno.api.MetricsResources;
import dev.segno.api.OrchestrationResources;
import dev.segno.api.RefusalRecord;
import dev.segno.api.RefusedMessageResources;
import dev.segno.api.RouteFileResources;
import dev.segno.api.RunResources;
import dev.segno.api.SagaResources;
import dev.segno.api.ScheduleResources;
import dev.segno.api.ScopeCheck;
import dev.segno.api.ShoppingResources;
import dev.segno.api.SignalResources;
import dev.segno.audit.Audit;
import dev.segno.camel.RouteRuntime;
import dev.segno.camel.SignalStream;
import dev.segno.camel.service.ServiceCalls;
import dev.segno.camel.yaml.CheckSettings;
import dev.segno.camel.yaml.CheckedRouteFile;
import dev.segno.camel.yaml.SchemaPasses;
import dev.segno.control.Settings;
import dev.segno.control.SettingsCatalog;
import dev.segno.control.SettingsException;
import dev.segno.controlplane.ControlPlane;
import dev.segno.editing.RouteFiles;
import dev.segno.event.LoggedEvents;
import dev.segno.hawtio.HawtioResources;
import dev.segno.hub.ServiceHub;
import dev.segno.redis.Redis;
import dev.segno.redis.StreamReaders;
import dev.segno.registry.Outbound;
import dev.segno.run.RunExecutor;
import dev.segno.run.StepError;
import dev.segno.run.WaitTokens;
import dev.segno.secret.Seal;
import dev.segno.security.NodeCredentials;
import dev.segno.security.OutboundRules;
import dev.segno.security.Redaction;
import dev.segno.security.StartupRule;
import dev.segno.security.StoredKeys;
import dev.segno.shopping.ShoppingAssistant;
import dev.segno.shopping.ShoppingSettings;
import dev.segno.shopping.dynamodb.DynamoDbTable;
import dev.segno.store.NativeLibrary;
import dev.segno.store.SqliteRunStore;
import dev.segno.telemetry.Logs;
import dev.segno.telemetry.Metrics;
import dev.segno.telemetry.Tracing;
import dev.segno.trigger.Schedules;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One node: wires the packages, starts them in order, and stops them in the opposite one. */
public final class Application implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Application.class);

    private static final Duration GRACE = Duration.ofSeconds(30);
    /** Where the build puts the pages of Hawtio. */
    private static final Path HAWTIO = Path.of(System.getProperty("segno.home", "."), "target/hawtio/hawtio-static");

    private final ScheduledExecutorService timer;
    private final RunExecutor executor;
    private final SqliteRunStore store;
    private final HttpServer server;
    private final ServiceCalls calls;
    private final RouteRuntime runtime;
    private final Schedules schedules;
    private final LazyControlPlane controlPlane;
    private final Optional<ServiceHub> hub;
    private final Logs logs;
    private final Optional<HawtioResources> hawtio;
    private final Optional<ShoppingResources> sockets;
    private final OnDemand<DynamoDbTable> copies;
    private final Metrics metrics;
    private final Optional<Tracing> tracing;
    private final RouteWatcher watcher;
    private final StreamReaders streams;

    /**
     * How a node is started.
     *
     * @param layout   where its files are
     * @param host     address to listen on
     * @param port     port to listen on, 0 for any
     * @param data     directory of the store
     * @param insecure whether it may listen on other addresses than this machine's own without authentication
     */
    public record Options(RouteLayout layout, String host, int port, Path data, boolean insecure) {}

    private Application(Options options, Settings given) throws Exception {
        Redaction.use(given);
        // An address that cannot be used is refused now, and not at the first mail.
        given.find(SettingsCatalog.SMTP_URL).ifPresent(url -> LOG.debug("Mail goes to {}", url));
        StepError.redactWith(Redaction::of);
        HttpServer.checkPort(options.host(), options.port());
        logs = Logs.apply(given);
        // Neither needs anything of the rest, and on a second processor they cost no time.
        Background<SqliteRunStore> opening = Background.begin("segno-open-store", () -> {
            NativeLibrary.keepIn(options.data());
            return SqliteRunStore.open(options.data());
        });
        RouteWatcher.Look look = RouteWatcher.look(options.layout().routes());
        SchemaPasses passes = SchemaPasses.in(options.data());
        Background<ApiDocument> reading = Background.begin("segno-read-api", ApiDocument::own);
        Background<List<CheckedRouteFile>> checking = Background.begin(
                "segno-check-routes",
                () -> RouteRuntime.check(
                        options.layout().routes(), options.layout().jars(), CheckSettings.DEFAULT, passes));
        StoredKeys keys = new StoredKeys(Clock.systemUTC());
        Settings settings;
        HttpServer.Options http;
        try {
            List<ApiDocument> documents = options.layout().documents().stream()
                    .map(document -> ApiDocument.load(document, given))
                    .toList();
            settings = given.over(defaults(documents));
            if (!options.insecure() && !StartupRule.isLocal(options.host())) {
                // Whether there are keys decides whether it may listen there at all.
                keys.use(opening.await().apiKeys());
            }
            http = httpOptions(options, settings, keys, documents);
        } catch (RuntimeException e) {
            opening.abandon(SqliteRunStore::close);
            throw e;
        }
        timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "segno-timer");
            thread.setDaemon(true);
            return thread;
        });
        executor = new RunExecutor(
                settings.get(SettingsCatalog.RUN_THREADS), settings.get(SettingsCatalog.RUN_MAX_THREADS), timer);
        reading.await();
        server = HttpServer.open(http);
        calls = new ServiceCalls(
                server.vertx(), settings::find, executor, settings.get(SettingsCatalog.SERVICES_MAX_ANSWER));
        store = opening.await();
        keys.use(store.apiKeys());
        runtime = new RouteRuntime(new RouteRuntime.Parts(
                store,
                Clock.systemUTC(),
                this::after,
                executor,
                name -> settings.find(name).or(() -> redeliveries(name, settings)),
                calls,
                CheckSettings.DEFAULT,
                settings.get(SettingsCatalog.JOURNAL_MAX_BODY)));
        metrics = Metrics.of(store, runtime.engine(), executor, calls);
        logs.tell(metrics);
        tracing = Tracing.from(settings, store);
        tracing.ifPresent(spans -> {
            runtime.engine().observe(spans);
            calls.observe(spans);
            metrics.addCount("segno.spans.dropped", "What was not sent to the collector of spans", spans::dropped);
        });
        schedules = new Schedules(
                new Schedules.Parts(store.schedules(), runtime.engine(), Clock.systemUTC(), this::after, executor));
        runtime.use(schedules);
        runtime.use(store.betweenRuns(), Duration.ofDays(settings.get(SettingsCatalog.IDEMPOTENT_KEEP_DAYS)));
        runtime.use(
                store.notices(), Clock.systemUTC(), Duration.ofDays(settings.get(SettingsCatalog.NOTICES_KEEP_DAYS)));
        hub = options.layout().holds("service-hub") ? Optional.of(serviceHub()) : Optional.empty();
        hub.ifPresent(there -> {
            runtime.engine().observe(there);
            there.counts()
                    .forEach((outcome, count) -> metrics.addCount(
                            "segno.hub.operations." + outcome,
                            "Operations of the service hub that were " + outcome,
                            count));
        });
        controlPlane = new LazyControlPlane(() -> controlPlane(settings));
        runtime.use(() -> controlPlane.get().operations());
        copies = new OnDemand<>(() -> DynamoDbTable.from(settings));
        OnDemand<ShoppingAssistant> assistant = new OnDemand<>(() -> new ShoppingAssistant(new ShoppingAssistant.Parts(
                store.sessions(),
                runtime.engine(),
                ShoppingSettings.from(settings),
                Clock.systemUTC(),
                copies::get,
                executor)));
        runtime.useAssistant(assistant);
        WaitTokens tokens = SignalSecret.tokens(settings, options.data());
        runtime.use(tokens);
        runtime.use(new Seal(store.sealedValues(), () -> SignalSecret.ofSeal(options.data()), Clock.systemUTC()));
        streams = streams(settings, options.data());
        server.mount(new RefusedMessageResources(streams));
        server.mount(new ScopeCheck(store));
        server.mount(new RunResources(runtime, settings.get(SettingsCatalog.HTTP_WRITE_PATIENCE)));
        server.mount(new SignalResources(runtime.engine(), tokens));
        server.mount(new ScheduleResources(schedules));
        server.mount(new OrchestrationResources(runtime));
        Audit audit = new Audit(store.auditLog(), Clock.systemUTC());
        AuditTrail trail = new AuditTrail(audit);
        server.record(trail);
        runtime.use(trail::started);
        server.mount(new KeyResources(keys, Clock.systemUTC()));
        server.mount(new RouteFileResources(
                new RouteFiles(options.layout()::editableRoot, runtime.loader(), audit), runtime.loader(), audit));
        server.tellOfRefusals(new RefusalRecord(audit));
        server.mount(new AuditResources(store.auditLog()));
        server.mount(new DeadLetterResources(runtime));
        server.mount(new SagaResources(runtime.engine()));
        server.mount(new ControlPlaneResources(() -> controlPlane.get().operations()));
        hub.ifPresent(there ->
                server.mount(new HubEventResources(() -> controlPlane.get().events())));
        server.mount(new MetricsResources(metrics::prometheusText, http.isOwn(MetricsResources.USUAL_PATH)));
        hawtio = settings.get(SettingsCatalog.HAWTIO) ? Optional.of(HawtioResources.of(HAWTIO)) : Optional.empty();
        hawtio.ifPresent(server::mount);
        sockets = http.packages().stream().anyMatch(document -> document.describes(ShoppingResources.SOCKET_PATH))
                ? Optional.of(new ShoppingResources(assistant.get()))
                : Optional.empty();
        sockets.ifPresent(there -> {
            server.mount(there);
            metrics.addLevel("segno.shopping.sockets", "Open sockets of the shopping assistant", there::open);
            metrics.addLevel(
                    "segno.shopping.turns", "Turns of the shopping assistant that go on", there::turnsUnderWay);
        });
        server.attach(runtime.context());
        runtime.loader().keepIn(options.data());
        runtime.loadChecked(checking.await());
        options.layout().leftOut().forEach(problem -> LOG.warn("{}", problem));
        passes.save();
        hub.ifPresent(ServiceHub::begin);
        runtime.recover();
        schedules.begin();
        streams.begin();
        server.listen();
        controlPlane.begin();
        watcher = RouteWatcher.begin(
                options.layout(), runtime.loader(), look, settings.get(SettingsCatalog.ROUTES_WATCH));
    }

    /** Watches the operations of the service hub, where its package is loaded. */
    private ServiceHub serviceHub() {
        return new ServiceHub(
                () -> controlPlane().events(),
                store,
                store.betweenRuns().endedRuns(),
                RouteRuntime::readObject,
                executor,
                Clock.systemUTC());
    }

    private ControlPlane controlPlane() {
        return controlPlane.get();
    }

    private ControlPlane controlPlane(Settings settings) {
        Redis redis = streams.redis();
        return new ControlPlane(new ControlPlane.Parts(
                settings,
                Clock.systemUTC(),
                runtime.engine(),
                store.registry(),
                store.events(),
                store.traces(),
                new Outbound(server::vertx, OutboundRules.from(settings)),
                redis.isConfigured()
                        ? (channel, text) -> redis.publish(channel, text).join()
                        : new LoggedEvents(),
                redis.isConfigured() ? Optional.of(redis::isUp) : Optional.empty(),
                runtime::workflows,
                () -> runtime.context().getRoutes().size(),
                server::port,
                metrics::prometheusText,
                hub.map(ServiceHub::operations).orElse(Map.of()),
                RouteRuntime::readObject,
                executor,
                this::after));
    }

    /** Routes count what comes after the first try; the contract's setting counts that too. */
    private static Optional<String> redeliveries(String name, Settings settings) {
        return name.equals("HTTP_RETRIES")
                        && settings.find("HTTP_RETRY_ATTEMPTS").isPresent()
                ? Optional.of(String.valueOf(settings.integer("HTTP_RETRY_ATTEMPTS", 3, 1, 100) - 1))
                : Optional.empty();
    }

    private void after(Duration delay, Runnable task) {
        timer.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** What comes by Redis; it begins to come when all is loaded. */
    private StreamReaders streams(Settings settings, Path data) {
        Redis redis;
        try {
            redis = Redis.from(server.vertx(), settings::find);
        } catch (IllegalArgumentException e) {
            throw new SettingsException(String.valueOf(e.getMessage()), e);
        }
        StreamReaders readers = new StreamReaders(redis, store.refusedMessages(), Clock.systemUTC());
        String node = redis.isConfigured() ? NodeName.of(settings, data) : "segno";
        runtime.use(readers, node);
        settings.find(SettingsCatalog.REDIS_SIGNALS)
                .ifPresent(stream -> SignalStream.read(readers, stream, node, runtime.engine()));
        return readers;
    }

    /** What packages say of settings that nobody sets. */
    private static Map<String, String> defaults(List<ApiDocument> documents) {
        Map<String, String> defaults = new HashMap<>();
        for (ApiDocument document : documents) {
            document.settings().forEach((name, value) -> {
                if (!value.equals(defaults.getOrDefault(name, value))) {
                    throw new SettingsException("Two packages give the setting " + name + " different defaults: "
                            + value + " and " + defaults.get(name) + "; set it, or run them apart");
                }
                defaults.put(name, value);
            });
        }
        return defaults;
    }

    private static HttpServer.Options httpOptions(
            Options options, Settings settings, StoredKeys keys, List<ApiDocument> documents) {
        return HttpServer.Options.from(
                        options.host(),
                        options.port(),
                        settings,
                        NodeCredentials.from(settings, keys),
                        options.insecure(),
                        Stream.concat(
                                        settings.get(SettingsCatalog.HAWTIO)
                                                ? Stream.of(HawtioResources.document())
                                                : Stream.empty(),
                                        documents.stream())
                                .toList())
                .forOneAlone();
    }

    /**
     * Starts a node.
     *
     * @throws SettingsException when a setting, a port or a directory cannot be used; its message is one line
     */
    public static Application start(Options options, Settings settings) throws Exception {
        return new Application(options, settings);
    }

    /** The port that the node listens on. */
    public int port() {
        return server.port();
    }

    /** Mounted resources that no document describes; empty as it should be. */
    List<String> undescribed() {
        return server.undescribed();
    }

    /** What this node has on disk. */
    SqliteRunStore store() {
        return store;
    }

    /** The figures of this node. */
    public Metrics metrics() {
        return metrics;
    }

    /** The runs and routes of this node. */
    public RouteRuntime runtime() {
        return runtime;
    }

    /** Takes no new work, lets the steps under way finish and be recorded, and ends. */
    @Override
    public void close() {
        watcher.close();
        sockets.ifPresent(ShoppingResources::close);
        var drained = server.drain();
        schedules.close();
        streams.close();
        try {
            runtime.engine().suspend().get(GRACE.toMillis(), TimeUnit.MILLISECONDS);
            drained.get(GRACE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.warn("Stopping with steps under way; they run again, with the same keys, after the next start");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            LOG.warn("Stopping was not clean", e);
        }
        hawtio.ifPresent(HawtioResources::close);
        controlPlane.close();
        runtime.close();
        streams.redis().close();
        calls.close();
        server.close();
        metrics.close();
        tracing.ifPresent(Tracing::close);
        copies.made().ifPresent(DynamoDbTable::close);
        store.close();
        executor.close();
        timer.shutdownNow();
        logs.close();
    }
}
