package dev.segno.api;

import dev.segno.camel.http.AsyncHttpEngine;
import dev.segno.camel.http.BodyReader;
import dev.segno.control.Settings;
import dev.segno.control.SettingsCatalog;
import dev.segno.control.SettingsException;
import dev.segno.security.ApiError;
import dev.segno.security.Authentication;
import dev.segno.security.Caller;
import dev.segno.security.Cors;
import dev.segno.security.Credentials;
import dev.segno.security.IngressFilter;
import dev.segno.security.Lockouts;
import dev.segno.security.NodeCredentials;
import dev.segno.security.Refusals;
import dev.segno.security.SocketProtocols;
import dev.segno.security.StartupRule;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one HTTP server of a process. It owns the Vert.x instance and the router, which the API's resources and Camel's
 * routes share, and listens last: a client never sees a system that is half started.
 *
 * <p>Order of use: {@link #checkPort} before anything else is opened, {@link #open}, {@link #mount}, {@link #attach}, start
 * the Camel context, recover, {@link #listen}. At the end: {@link #drain}, stop the context, {@link #close}. Methods are
 * called by one thread.
 */
public final class HttpServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);

    /** To Vert.x, a negative number is any free port that all servers of that number share. */
    private static final int ANY_SHARED_PORT = -1;

    private static final Duration GRACE = Duration.ofSeconds(10);

    private final Options options;
    private final Vertx vertx;
    private final Router router;
    private final Router resources;
    private final BodyReader bodies;
    private final DescribedOperations operations;
    private final SlowClients slowClients;
    private final FrontDoor door;
    private final AtomicInteger port = new AtomicInteger();
    private @Nullable AsyncHttpEngine engine;
    private volatile Consumer<RoutingContext> trail = ctx -> {};
    private volatile Refusals refusals = (ctx, caller, error) -> {};

    /**
     * What a server needs.
     *
     * @param host the address to listen on
     * @param port the port, 0 for any
     * @param limits what clients may ask
     * @param keys the credentials that are good everywhere, possibly none
     * @param openness for whom the server is open when there are none
     * @param packages the documents of the route packages that it serves
     * @param lockouts who has shown too many wrong credentials
     * @param cors which pages of other origins may read answers
     * @param health whether {@code /health} is served here; false leaves it to the one package that runs alone
     */
    public record Options(
            String host,
            int port,
            HttpLimits limits,
            Credentials keys,
            Authentication.Openness openness,
            List<ApiDocument> packages,
            Lockouts lockouts,
            Cors cors,
            boolean health) {

        /**
         * The options that the settings give.
         *
         * @throws SettingsException when the start-up rule forbids the host, or a setting is not valid
         */
        public static Options from(
                String host, int port, Settings settings, boolean insecure, List<ApiDocument> packages) {
            return from(host, port, settings, NodeCredentials.from(settings), insecure, packages);
        }

        /** As the other, with credentials that are not all in the settings. */
        public static Options from(
                String host,
                int port,
                Settings settings,
                Credentials credentials,
                boolean insecure,
                List<ApiDocument> packages) {
            return new Options(
                    host,
                    port,
                    HttpLimits.from(settings),
                    credentials,
                    StartupRule.check(host, credentials, insecure),
                    List.copyOf(packages),
                    new Lockouts(settings.get(SettingsCatalog.AUTH_LOCKOUT)),
                    Cors.from(settings),
                    true);
        }

        /** Whether a path is left to the node: no package describes it. */
        public boolean isOwn(String path) {
            return packages.stream().noneMatch(document -> document.describes(path));
        }

        /** The same; a package that runs alone and describes {@code /health} serves it itself. */
        public Options forOneAlone() {
            return packages.size() == 1 && packages.get(0).describes("/health") ? withoutHealth() : this;
        }

        private Options withoutHealth() {
            return new Options(host, port, limits, keys, openness, packages, lockouts, cors, false);
        }
    }

    private HttpServer(Options options) {
        this.options = options;
        HttpLimits limits = options.limits();
        this.bodies = new BodyReader(limits.maxBody());
        ApiDocument all = ApiDocument.own();
        ApiDocument own = options.isOwn(MetricsResources.USUAL_PATH) ? all : all.without(MetricsResources.USUAL_PATH);
        List<ApiDocument> documents = new ArrayList<>();
        // Whether the node lives is said once, by itself or by the one package that runs alone.
        documents.add(options.health() ? own : own.without("/health"));
        options.packages().stream()
                .map(document ->
                        options.health() && document.describes("/health") ? document.without("/health") : document)
                .forEach(documents::add);
        this.operations = new DescribedOperations(
                documents, options.health() ? null : options.packages().get(0));
        this.vertx = Vertx.vertx(new VertxOptions()
                .setFileSystemOptions(new FileSystemOptions()
                        .setClassPathResolvingEnabled(false)
                        .setFileCachingEnabled(false)));
        this.router = Router.router(vertx);
        this.resources = Router.router(vertx);
        this.slowClients = new SlowClients(vertx, limits.readTimeout(), limits.idleTimeout());
        this.door = new FrontDoor(router, slowClients, options.cors());
        router.route().handler(door::welcome).failureHandler(door::failed);
        for (int status : new int[] {400, 404, 405, 406, 415, 500}) {
            router.errorHandler(status, new Unrouted(List.of(resources, router), door)::answer);
        }
        router.route().handler(options.cors()::preflight);
        router.route().handler(ctx -> {
            trail.accept(ctx);
            ctx.next();
        });
        router.route()
                .handler(new Authentication(
                        options.keys(), options.openness(), operations, this::refused, options.lockouts()));
        new RequestCheck(bodies).mount(router);
        if (options.health()) {
            router.get("/health")
                    .handler(ctx -> ctx.response()
                            .putHeader("Content-Type", "application/json")
                            .end("{\"status\":\"ok\"}"));
        }
        router.route("/api/*").handler(bodies);
        router.route("/*").subRouter(resources);
        new ApiPages(documents).mount(resources);
    }

    /** Makes a server that does not listen yet. */
    public static HttpServer open(Options options) {
        return new HttpServer(options);
    }

    /**
     * Fails when a port cannot be had, so that a second process ends before it touches anything.
     *
     * @throws SettingsException with one line that says so
     */
    public static void checkPort(String host, int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName(host), port), 1);
        } catch (IOException e) {
            throw cannotListen(host, port, e);
        }
    }

    /** Tells somebody of the requests that are refused although their callers are known. Call it before {@link #listen}. */
    public void tellOfRefusals(Refusals listener) {
        refusals = listener;
    }

    private void refused(RoutingContext ctx, Caller caller, ApiError error) {
        refusals.refused(ctx, caller, error);
    }

    /** Records what callers change and are refused from now on. Call it before {@link #listen}. */
    public void record(AuditTrail audit) {
        trail = audit::follow;
    }

    /** Adds resources, in front of Camel's routes. */
    public void mount(ApiRoutes routes) {
        routes.mount(resources);
    }

    /** Mounted resources that no document describes; empty as it should be. */
    public List<String> undescribed() {
        List<String> found = new ArrayList<>();
        for (Route route : resources.getRoutes()) {
            if (route.getPath() == null) {
                // Looks at all requests, and is for none.
                continue;
            }
            Set<HttpMethod> methods = route.methods() == null ? Set.of() : route.methods();
            String path = route.getPath() + (route.isExactPath() ? "" : "*");
            if (methods.isEmpty() || !methods.stream().allMatch(method -> operations.describes(method.name(), path))) {
                found.add(methods + " " + path);
            }
        }
        return found;
    }

    /** Lets a context's {@code platform-http} routes use this server. Call it before the context starts. */
    public void attach(CamelContext camel) {
        HttpLimits limits = options.limits();
        engine = AsyncHttpEngine.bind(
                camel,
                vertx,
                router,
                bodies,
                new AsyncHttpEngine.Options(
                        new IngressFilter(operations.credentialHeaders()),
                        operations,
                        limits.coreThreads(),
                        limits.maxThreads(),
                        limits.queued(),
                        limits.writePatience()));
    }

    /**
     * Begins to listen.
     *
     * @throws SettingsException with one line when the address cannot be had, or Camel would answer where no route does
     */
    public void listen() {
        List<String> undeclared = engine == null ? List.of() : engine.undeclared();
        if (!undeclared.isEmpty()) {
            throw new SettingsException("refusing to listen: " + String.join(", ", undeclared)
                    + " would be open to callers, and no route declares it; take away the library or setting that"
                    + " brings it");
        }
        int instances = Runtime.getRuntime().availableProcessors();
        try {
            vertx.deployVerticle(Listener::new, new DeploymentOptions().setInstances(instances))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
        } catch (CompletionException e) {
            throw cannotListen(options.host(), options.port(), e.getCause() == null ? e : e.getCause());
        }
        LOG.info("listening on http://{}:{}", options.host(), port());
    }

    /** The port that the server listens on; before that, the one that it will ask for. */
    public int port() {
        return port.get() == 0 ? options.port() : port.get();
    }

    /** The Vert.x instance, for clients that share its event loops. It ends with the server. */
    public Vertx vertx() {
        return vertx;
    }

    /** Answers 503 from now on. The future ends when the requests that were taken are answered. */
    public Future<Void> drain() {
        return door.drain();
    }

    /** Waits a moment for the requests that were taken, and ends. */
    @Override
    public void close() {
        try {
            drain().get(GRACE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            LOG.info("closing with requests under way");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (engine != null) {
            engine.close();
        }
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private static SettingsException cannotListen(String host, int port, Throwable cause) {
        String why = cause instanceof java.net.BindException
                        && String.valueOf(cause.getMessage()).contains("in use")
                ? "the port is in use; choose another with --port"
                : String.valueOf(cause.getMessage());
        return new SettingsException("cannot listen on " + host + ":" + port + ": " + why, cause);
    }

    /** A share of the connections, on an event loop of its own. All listeners share one socket. */
    private final class Listener extends AbstractVerticle {

        @Override
        public void start(Promise<Void> started) {
            HttpLimits limits = options.limits();
            HttpServerOptions http = new HttpServerOptions()
                    .setHost(options.host())
                    .setPort(options.port() == 0 ? ANY_SHARED_PORT : options.port())
                    .setMaxHeaderSize(limits.maxHeaders())
                    .setMaxInitialLineLength(limits.maxTarget())
                    .setMaxFormAttributeSize((int) Math.min(Integer.MAX_VALUE, limits.maxBody()))
                    .setHttp2ClearTextEnabled(false)
                    .addWebSocketSubProtocol(SocketProtocols.NAME)
                    .setTcpKeepAlive(true)
                    .setAcceptBacklog(1024);
            getVertx()
                    .createHttpServer(http)
                    .connectionHandler(connection -> {
                        StrictDecoder.install(connection, http);
                        slowClients.connected(connection);
                    })
                    .exceptionHandler(failure -> LOG.debug("a connection failed", failure))
                    .invalidRequestHandler(door::undecodable)
                    .requestHandler(door)
                    .listen()
                    .onSuccess(server -> port.set(server.actualPort()))
                    .<Void>mapEmpty()
                    .onComplete(started);
        }
    }
}
