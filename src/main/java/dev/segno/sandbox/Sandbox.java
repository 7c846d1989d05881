package dev.segno.sandbox;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.io.IOException;
import java.net.BindException;
import java.net.URI;
import java.time.Clock;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * All stand-ins, each on its own port of 127.0.0.1.
 *
 * <p>Safe for use by several threads: what it holds is fixed once it is started.
 */
public final class Sandbox implements AutoCloseable {

    static final String HOST = "127.0.0.1";

    private final Vertx vertx;
    private final Map<String, StandIn> standIns;
    private final Map<String, Integer> ports;

    private Sandbox(Vertx vertx, Map<String, StandIn> standIns, Map<String, Integer> ports) {
        this.vertx = vertx;
        this.standIns = standIns;
        this.ports = ports;
    }

    /**
     * Starts the stand-ins that the settings name.
     *
     * @throws PortTakenException if a port is in use
     * @throws IOException if a port cannot be opened for another reason
     * @throws IllegalArgumentException if the settings name an unknown service
     */
    public static Sandbox start(SandboxSettings settings) throws IOException {
        // Filled here, and read by the gateway on the event loop.
        Map<String, Integer> ports = Collections.synchronizedMap(new LinkedHashMap<>());
        Map<String, StandIn> standIns = standIns(Clock.systemUTC(), ports);
        settings.ports().keySet().stream()
                .filter(name -> !standIns.containsKey(name))
                .findFirst()
                .ifPresent(name -> {
                    throw new IllegalArgumentException(
                            "The sandbox has no service '" + name + "'; it has " + standIns.keySet());
                });
        // One event loop for all: stand-ins share state (the feed, the table) and have no locks.
        Vertx vertx = Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1)
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
        Sandbox sandbox = new Sandbox(vertx, standIns, ports);
        try {
            for (Map.Entry<String, Integer> port : settings.ports().entrySet()) {
                sandbox.open(port.getKey(), port.getValue(), settings.adminKey());
            }
            return sandbox;
        } catch (IOException | RuntimeException e) {
            sandbox.close();
            throw e;
        }
    }

    /** The names of all services that there are stand-ins for. */
    public static List<String> names() {
        return List.copyOf(standIns(Clock.systemUTC(), Map.of()).keySet());
    }

    /**
     * Where a service is, without a path or a slash at the end.
     *
     * @throws IllegalArgumentException if it was not started
     */
    public URI uri(String name) {
        Integer port = ports.get(name);
        if (port == null) {
            throw new IllegalArgumentException("'" + name + "' was not started; these were: " + ports.keySet());
        }
        return URI.create("http://" + HOST + ":" + port);
    }

    /** The services and where they are, as lines for the user. */
    public String table() {
        int widest = ports.keySet().stream().mapToInt(String::length).max().orElse(0);
        return ports.keySet().stream()
                .map(name -> String.format(
                        Locale.ROOT,
                        "  %-" + widest + "s  %s  %s",
                        name,
                        uri(name),
                        standIn(name).description()))
                .collect(Collectors.joining(System.lineSeparator()));
    }

    /** Closes all ports and gives up what is under way. */
    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    /** The one list of all stand-ins: a new service is added here. The ports are those of the open ones, by name. */
    private static Map<String, StandIn> standIns(Clock clock, Map<String, Integer> ports) {
        ProductFeed feed = new ProductFeed();
        ProductRows rows = new ProductRows();
        Documents documents = new Documents();
        Findings findings = new Findings();
        Logs logs = new Logs();
        Fleet fleet = new Fleet(clock);
        Bookings bookings = new Bookings(fleet, clock);
        return List.<StandIn>of(
                        new Fetcher(feed, clock),
                        new Maintainer(feed, rows, clock),
                        new ProductTable(rows),
                        new Effects(),
                        IngestionAgent.github(documents, clock),
                        IngestionAgent.jira(documents, clock),
                        IngestionAgent.confluence(documents, clock),
                        IngestionAgent.swagger(documents, clock),
                        new SourceAgent(clock),
                        new Analysis(documents, findings),
                        new Reporting(findings, logs),
                        new DocStore(documents, clock),
                        new LogCollector(logs, clock),
                        new SecureAnalyzer(),
                        new Notification(clock),
                        new Forecasting(bookings, clock),
                        new Scheduling(fleet, bookings),
                        new FleetList(fleet),
                        new Healthy("core-engine", "vehicle maintenance: only says that it is healthy"),
                        new Healthy("telemetry", "vehicle maintenance: only says that it is healthy"),
                        new MessageSink("sms-webhook", "takes short messages"),
                        new MessageSink("notify-webhook", "takes notices for programs"),
                        new SmtpSink(),
                        new MediaService(),
                        new Catalog(),
                        new Composer(),
                        new LanguageModel(),
                        new IdentityService(clock),
                        new ContentService(clock),
                        new CommunicationService(clock),
                        new WorkflowService(clock),
                        new HubGateway(ports, clock))
                .stream()
                .collect(Collectors.toMap(
                        StandIn::name, Function.identity(), (first, second) -> first, LinkedHashMap::new));
    }

    private StandIn standIn(String name) {
        StandIn standIn = standIns.get(name);
        if (standIn == null) {
            throw new IllegalArgumentException("No such service: " + name);
        }
        return standIn;
    }

    private Desk desk(String name, int port, String adminKey) throws IOException {
        try {
            return new Desk(vertx, standIn(name), port, adminKey, Clock.systemUTC());
        } catch (CompletionException e) {
            throw new IOException("A port of " + name + " cannot be opened: " + e.getCause(), e);
        }
    }

    private void open(String name, int port, String adminKey) throws IOException {
        Desk desk = desk(name, port, adminKey);
        // Without HTTP/2 a dropped connection is one dropped call.
        HttpServer server = vertx.createHttpServer(new HttpServerOptions().setHttp2ClearTextEnabled(false))
                .requestHandler(desk.router());
        try {
            server.listen(port, HOST).toCompletionStage().toCompletableFuture().join();
        } catch (CompletionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof BindException) {
                throw new PortTakenException(name, port, cause);
            }
            throw new IOException("Port " + port + " (" + name + ") cannot be opened: " + cause, cause);
        }
        ports.put(name, server.actualPort());
    }
}
