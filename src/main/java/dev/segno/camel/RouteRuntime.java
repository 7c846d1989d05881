package dev.segno.camel;

import com.github.f4b6a3.ulid.UlidCreator;
import dev.segno.camel.javadsl.RouteClasses;
import dev.segno.camel.service.ServiceCalls;
import dev.segno.camel.service.ServiceComponent;
import dev.segno.camel.yaml.CheckSettings;
import dev.segno.camel.yaml.CheckedRouteFile;
import dev.segno.camel.yaml.Problem;
import dev.segno.camel.yaml.RouteFileChecker;
import dev.segno.camel.yaml.RouteFiles;
import dev.segno.camel.yaml.SchemaPasses;
import dev.segno.control.SettingsCatalog;
import dev.segno.control.SmtpUrl;
import dev.segno.controlplane.ControlOperations;
import dev.segno.controlplane.Workflow;
import dev.segno.notice.NoticeLog;
import dev.segno.redis.StreamReaders;
import dev.segno.run.Engine;
import dev.segno.run.Payload;
import dev.segno.run.RunStore;
import dev.segno.run.RunView;
import dev.segno.run.Scheduler;
import dev.segno.run.WaitTokens;
import dev.segno.secret.Seal;
import dev.segno.shopping.ShoppingAssistant;
import dev.segno.trigger.BetweenRuns;
import dev.segno.trigger.Schedules;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.processor.aggregate.GroupedBodyAggregationStrategy;
import org.apache.camel.spi.PropertiesSource;
import org.apache.camel.support.DefaultRegistry;
import org.jspecify.annotations.Nullable;

/**
 * Camel with everything that runs need: components, the journaled step, the versions of routes, and the engine on top.
 *
 * <p>Order of use: create, {@link #load}, {@link #recover}; at the end {@link #close}. Called by one thread; what it gives
 * out says for itself by whom it may be used.
 */
public final class RouteRuntime implements AutoCloseable {
    private final DefaultCamelContext context = new RoutesContext();
    private final PayloadCodec codec;
    private final RouteVersions versions;
    private final RouteLoader loader;
    private final Engine engine;
    private final OrchestrationComponent orchestrations;
    private final RunsComponent runs;
    private final BetweenRoutes betweenRoutes;
    private final CheckSettings checks;

    /**
     * What the runtime is made of.
     *
     * @param settings     value of a setting by its name
     * @param executor     on which runs go on
     * @param calls        calls of services
     * @param checks       what route files may hold
     * @param maxBodyBytes largest body that is recorded
     */
    public record Parts(
            RunStore store,
            Clock clock,
            Scheduler scheduler,
            Executor executor,
            Function<String, Optional<String>> settings,
            ServiceCalls calls,
            CheckSettings checks,
            long maxBodyBytes) {

        public Parts {
            settings = SmtpUrl.inParts(settings);
        }
    }

    public RouteRuntime(Parts parts) {
        this.checks = parts.checks();
        codec = new PayloadCodec(parts.store(), parts.executor(), parts.maxBodyBytes());
        RunInterceptStrategy interceptor = new RunInterceptStrategy(codec);
        betweenRoutes = new BetweenRoutes(codec, parts.clock());
        versions = new RouteVersions(context, parts.store(), checks, interceptor, betweenRoutes);
        loader = new RouteLoader(
                versions,
                new SharedConfigurations(context),
                new Kamelets(context),
                this::engine,
                parts.clock(),
                parts.settings(),
                checks);
        engine = new Engine(
                parts.store(),
                versions,
                parts.clock(),
                parts.scheduler(),
                parts.executor(),
                new Random(),
                () -> UlidCreator.getMonotonicUlid().toString());
        context.getCamelContextExtension().setName("segno");
        if (!Boolean.parseBoolean(
                parts.settings().apply(SettingsCatalog.HAWTIO.name()).orElse("false"))) {
            // Its beans cost time at the start and a little at each node, and only Hawtio looks at them.
            context.disableJMX();
        }
        context.getCamelContextExtension().addInterceptStrategy(interceptor);
        context.addLifecycleStrategy(interceptor);
        context.getPropertiesComponent().addPropertiesSource(new SettingsSource(parts.settings()));
        orchestrations = new OrchestrationComponent(context, this::engine, versions, codec);
        context.addComponent(OrchestrationComponent.SCHEME, orchestrations);
        runs = new RunsComponent(context, this::engine, codec, betweenRoutes);
        context.addComponent(AwaitComponent.SCHEME, new AwaitComponent(context));
        context.addComponent(RunsComponent.SCHEME, runs);
        context.getRegistry().bind("var", new JqVariable());
        context.getRegistry().bind(SmtpCredentials.BEAN, new SmtpCredentials(parts.settings()));
        PlainJqLanguage jq = new PlainJqLanguage();
        jq.setCamelContext(context);
        context.getRegistry().bind("jq", jq);
        // The reports that split and multicast make of their branches: a list of their bodies.
        context.getRegistry().bind("collectBodies", new GroupedBodyAggregationStrategy());
        context.getRegistry().bind(RunFigures.NAME, new RunFigures());
        context.getRegistry().bind(ExecutionReport.NAME, new ExecutionReport());
        if (context.getRegistry() instanceof DefaultRegistry registry) {
            registry.addBeanRepository(new Databases(parts.settings()));
        }
        addSagas(context);
        context.addComponent(ServiceComponent.SCHEME, new ServiceComponent(context, parts.calls()));
    }

    private static void addSagas(CamelContext context) {
        try {
            context.addService(new RunSagaService(context));
        } catch (Exception e) {
            throw new IllegalStateException("Sagas cannot be added to a new Camel context", e);
        }
    }

    /** The Camel context, for what is attached to it before {@link #load}. */
    public CamelContext context() {
        return context;
    }

    /** Tells of the runs that triggers start. */
    public void use(StartTrail trail) {
        orchestrations.use(trail);
    }

    /** Lets routes give away tokens by which others can send one signal; to be called before {@link #load}. */
    public void use(WaitTokens tokens) {
        runs.use(tokens);
    }

    /**
     * Lets routes stand between runs: collect, leave out what comes twice, and be told of runs that end. Call it before
     * {@link #load}.
     *
     * @param keepKeys how long the key of a message that has been dealt with counts
     */
    public void use(BetweenRuns betweenRuns, Duration keepKeys) {
        betweenRoutes.use(betweenRuns, keepKeys);
    }

    /**
     * Lets routes write and read who was told what. Call it before {@link #load}.
     *
     * @param keep how long that is kept
     */
    public void use(NoticeLog notices, Clock clock, Duration keep) {
        context.addComponent(NoticesComponent.SCHEME, new NoticesComponent(context, notices, clock, keep));
    }

    /** Lets routes fire by the clock, and look at schedules. Call it before {@link #load}. */
    public void use(Schedules schedules) {
        context.addComponent(QuartzComponent.SCHEME, new QuartzComponent(context, schedules));
        context.addComponent(SchedulesComponent.SCHEME, new SchedulesComponent(context, schedules));
    }

    /**
     * Lets routes read and write streams of Redis, and listen and publish on its channels. Call it before {@link #load}.
     *
     * @param node what this node is called in consumer groups; the same after a restart
     */
    public void use(StreamReaders readers, String node) {
        context.addComponent(RedisStreamComponent.SCHEME, new RedisStreamComponent(context, readers, node));
        context.addComponent(RedisPubSubComponent.SCHEME, new RedisPubSubComponent(context, readers.redis()));
    }

    /** Lets routes keep values out of journals. Call it before {@link #load}. */
    public void use(Seal seal) {
        context.addComponent(SecretsComponent.SCHEME, new SecretsComponent(context, seal));
    }

    /** Lets routes serve the control plane's operations, made when the first one asks. Call it before {@link #load}. */
    public void use(Supplier<ControlOperations> operations) {
        context.addComponent(ControlComponent.SCHEME, new ControlComponent(context, operations));
    }

    /** Lets routes serve the shopping assistant, made when the first one asks. Call it before {@link #load}. */
    public void useAssistant(Supplier<ShoppingAssistant> assistant) {
        context.addComponent(ShoppingComponent.SCHEME, new ShoppingComponent(context, assistant));
    }

    /** The loaded orchestrations, as the control plane lists them. */
    public List<Workflow> workflows() {
        return new LoadedWorkflows(loader).list();
    }

    /** Reads a JSON object. */
    public static Map<String, @Nullable Object> readObject(String json) {
        return Json.readObject(json);
    }

    public Engine engine() {
        return engine;
    }

    public RouteVersions versions() {
        return versions;
    }

    /** Loads, swaps and removes files while runs are under way. */
    public RouteLoader loader() {
        return loader;
    }

    /** A run as a JSON document; empty when there is none of that id. */
    public Optional<Map<String, @Nullable Object>> document(String runId) {
        return RunView.of(engine, runId).map(view -> RunDocument.of(view, codec));
    }

    /** A recorded body as data. */
    public @Nullable Object value(Payload payload) {
        return codec.value(payload);
    }

    /**
     * Reads and checks files, and the classes of routes that jars and the class path name; needs nothing of a runtime, so
     * that it can be done while one is being made.
     */
    public static List<CheckedRouteFile> check(
            List<RouteSource> files, List<RouteSource> jars, CheckSettings checks, SchemaPasses passes) {
        Stream<CheckedRouteFile> ofFiles =
                files.stream().map(source -> RouteFileChecker.check(source.root(), source.file(), checks, passes));
        List<RouteClasses.Jar> libraries = jars.stream()
                .map(source -> new RouteClasses.Jar(source.root(), source.file()))
                .toList();
        ClassLoader own = Thread.currentThread().getContextClassLoader();
        ClassLoader classPath = own == null ? RouteRuntime.class.getClassLoader() : own;
        return Stream.concat(ofFiles, RouteClasses.check(libraries, classPath, checks, passes).stream())
                .toList();
    }

    /** Checks and loads files and jars: {@link #check} and {@link #loadChecked}. */
    public List<Problem> load(List<RouteSource> files, List<RouteSource> jars) throws Exception {
        return loadChecked(check(files, jars, checks, SchemaPasses.NONE));
    }

    /**
     * Loads files: kamelets first, then route configurations. A file that does not load is reported and left out; the
     * others go on.
     *
     * @return what is wrong with files that were not loaded
     */
    public List<Problem> loadChecked(List<CheckedRouteFile> files) throws Exception {
        // Otherwise a kamelet takes over its caller's error handler and tries again inside of the caller's tries.
        KameletAddresses addresses = new KameletAddresses();
        addresses.setNoErrorHandler(true);
        context.addComponent(KameletAddresses.SCHEME, addresses);
        context.start();
        List<Problem> errors = RouteFiles.neededFirst(files).stream()
                .flatMap(checked -> loader.apply(checked).stream())
                .filter(Problem::isError)
                .toList();
        loader.retain(files.stream().map(CheckedRouteFile::path).collect(Collectors.toSet()));
        return errors;
    }

    /** Lets the runs go on that were under way when the process ended. Returns how many there are. */
    public int recover() {
        return engine.recover();
    }

    /** Suspends the runs, waits for the steps under way, and stops. */
    @Override
    public void close() {
        context.stop();
    }

    /** Settings as Camel's placeholders see them. */
    private record SettingsSource(Function<String, Optional<String>> settings) implements PropertiesSource {
        @Override
        public String getName() {
            return "segno";
        }

        @Override
        public @Nullable String getProperty(String name) {
            return settings.apply(name).orElse(null);
        }
    }
}
