package dev.segno.spec;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ConditionTimeoutException;
import org.awaitility.core.TerminalFailureException;
import org.jspecify.annotations.Nullable;

/**
 * The real program in a process of its own: {@code segno run ROUTE_DIR… --port P --data DIR}. It keeps its port and its data
 * directory over kills and restarts, and writes its output into one file beside the data.
 *
 * <p>Started and ended by one thread; its client may be used by others.
 */
public final class SegnoProcess implements AutoCloseable {

    private static final Duration TIME_TO_START = Duration.ofSeconds(60);
    private static final Duration TIME_TO_END = Duration.ofSeconds(60);
    private static final Duration TIME_TO_END_BY_ITSELF = Duration.ofMinutes(3);
    private static final int TAIL_LINES = 60;

    private final List<String> routeDirectories;
    private final Readiness readiness;
    private final Path data;
    private final Path output;
    private final Map<String, String> environment;
    private final int port = freePort();
    private final JsonClient client = new JsonClient(URI.create("http://127.0.0.1:" + port));
    private volatile @Nullable Process process;
    private volatile boolean wrapped;

    /** How a started program says that it is ready: this path answers 200 with this text in it. */
    public enum Readiness {
        /** All packages together. */
        SHARED("/health", "{\"status\":\"ok\"}"),
        /** The product sync package alone. */
        PRODUCT_SYNC("/healthz", "OK"),
        /** The control plane's package alone. */
        CONTROL_PLANE("/health", "\"status\":\"healthy\""),
        /** The vehicle maintenance package alone. */
        VEHICLE_MAINTENANCE("/health", "orchestrator_service");

        private final String path;
        private final String answer;

        Readiness(String path, String answer) {
            this.path = path;
            this.answer = answer;
        }
    }

    /**
     * A program that is not started yet.
     *
     * @param routeDirectories what it runs
     * @param readiness how it says that it is ready
     * @param directory where its data and its output go; exists
     * @param environment added to the environment of the tests
     */
    public SegnoProcess(
            List<String> routeDirectories, Readiness readiness, Path directory, Map<String, String> environment) {
        this.routeDirectories = List.copyOf(routeDirectories);
        this.readiness = readiness;
        this.data = directory.resolve("data");
        this.output = directory.resolve("output.txt");
        this.environment = Map.copyOf(environment);
        // The tests' own end, however it comes, ends the program too.
        Runtime.getRuntime().addShutdownHook(new Thread(this::close));
    }

    /** Starts the program and waits until it is ready. */
    public void start() throws IOException {
        launch(List.of(), Map.of());
        awaitReady();
    }

    /**
     * Starts the program and does not wait.
     *
     * @param wrapper command that starts it, with its arguments; mostly empty
     * @param more added to its environment, this time only
     */
    public void launch(List<String> wrapper, Map<String, String> more) throws IOException {
        if (isAlive()) {
            throw new IllegalStateException("It is running already");
        }
        ProcessBuilder builder =
                builder(wrapper, arguments()).redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
        builder.environment().putAll(environment);
        builder.environment().putAll(more);
        wrapped = !wrapper.isEmpty();
        process = builder.start();
    }

    /** Waits until the program is ready. */
    public void awaitReady() {
        Process started = Objects.requireNonNull(process, "It was never started");
        try {
            await().atMost(TIME_TO_START)
                    .pollInterval(Duration.ofMillis(50))
                    .failFast("the program has ended", () -> !started.isAlive())
                    .until(this::ready);
        } catch (ConditionTimeoutException | TerminalFailureException e) {
            throw new AssertionError("Segno did not become ready (" + e.getMessage() + "). " + tail(), e);
        }
    }

    /** Ends the program as {@code kill -9} does, and waits until it is gone. */
    public void kill() {
        Process running = running();
        end(running, true);
    }

    /** Waits until the program has ended by itself, and tells its exit code. */
    public int awaitExit() {
        Process ending = Objects.requireNonNull(process, "It was never started");
        awaitEnd(ending, TIME_TO_END_BY_ITSELF);
        return ending.exitValue();
    }

    public boolean isAlive() {
        Process started = process;
        return started != null && started.isAlive();
    }

    /** The number that the operating system gave to the program. */
    public long pid() {
        return running().pid();
    }

    /**
     * Asks the program to end (SIGTERM) and waits until it has.
     *
     * @return its exit code
     */
    public int stop() {
        Process running = running();
        end(running, false);
        return running.exitValue();
    }

    /** Starts the program again, on the same port and data; stops it before if it runs. */
    public void restart() throws IOException {
        if (isAlive()) {
            stop();
        }
        start();
    }

    public JsonClient client() {
        return client;
    }

    public Path data() {
        return data;
    }

    public int port() {
        return port;
    }

    /** Everything that the program wrote, over all its starts. */
    public List<String> lines() {
        try {
            return Files.exists(output)
                    ? new String(Files.readAllBytes(output), StandardCharsets.UTF_8)
                            .lines()
                            .toList()
                    : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The last lines that the program wrote, for a test that fails. */
    public String tail() {
        List<String> lines = lines();
        List<String> last = lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size());
        return "Its last lines:" + System.lineSeparator() + String.join(System.lineSeparator(), last);
    }

    /** Kills the program if it still runs. */
    @Override
    public void close() {
        Process started = process;
        if (started != null && started.isAlive()) {
            end(started, true);
        }
    }

    /**
     * A port of 127.0.0.1 that nobody used a moment ago. It lies below those that systems give to connections of clients: one of
     * these might take it until it is listened on.
     */
    public static int freePort() {
        for (int tries = 0; tries < 100; tries++) {
            int port = ThreadLocalRandom.current().nextInt(26_000, 32_000);
            if (isFree(port)) {
                return port;
            }
        }
        throw new AssertionError("No free port");
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }

    /**
     * A process that runs the program as users do: by its launcher, from what was packaged.
     *
     * @param wrapper command that starts it, with its arguments; mostly empty
     * @param arguments the program's
     */
    public static ProcessBuilder builder(List<String> wrapper, List<String> arguments) {
        List<String> command = new ArrayList<>(wrapper);
        command.add(Path.of("segno").toAbsolutePath().toString());
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment()
                .putAll(Map.of(
                        "JAVA_HOME", System.getProperty("java.home"),
                        "SEGNO_JAVA_OPTS", "-Xmx512m",
                        "SEGNO_TIER", "1"));
        return builder;
    }

    private List<String> arguments() {
        List<String> arguments = new ArrayList<>(List.of("run"));
        arguments.addAll(routeDirectories);
        arguments.addAll(List.of("--port", String.valueOf(port), "--data", data.toString()));
        return arguments;
    }

    private boolean ready() throws InterruptedException {
        try {
            JsonClient.Reply reply = client.get(readiness.path);
            String body = reply.body().isTextual()
                    ? reply.body().asText().strip()
                    : reply.body().toString();
            return reply.status() == 200 && body.contains(readiness.answer);
        } catch (IOException e) {
            return false; // its port is not open yet
        }
    }

    private Process running() {
        Process started = process;
        if (started == null || !started.isAlive()) {
            throw new IllegalStateException("It is not running. " + tail());
        }
        return started;
    }

    /**
     * Where the program has a wrapper, it is the program that is ended; the wrapper ends after it. The program's own children
     * (its libraries ask the system for its name, for instance) are not looked at.
     */
    private void end(Process ending, boolean forcibly) {
        ProcessHandle program = wrapped ? ending.children().findFirst().orElse(ending.toHandle()) : ending.toHandle();
        if (forcibly) {
            program.destroyForcibly();
        } else {
            program.destroy();
        }
        awaitEnd(ending, TIME_TO_END);
    }

    private void awaitEnd(Process ending, Duration atMost) {
        try {
            if (!ending.waitFor(atMost.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("Segno did not end within " + atMost + ". " + tail());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("Interrupted while Segno was ending", e);
        }
    }
}
