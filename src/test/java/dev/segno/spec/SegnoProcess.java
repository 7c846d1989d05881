package dev.segno.spec;

import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
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
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ConditionTimeoutException;
import org.awaitility.core.TerminalFailureException;
import org.jspecify.annotations.Nullable;

/**
 * The real program in a process of its own: {@code segno run ROUTE_DIR… --port P --data DIR}. It keeps its port and its data
 * directory over kills and restarts, and writes its output into one file beside the data.
 *
 * <p>Used by one thread.
 */
public final class SegnoProcess implements AutoCloseable {

    private static final Duration TIME_TO_START = Duration.ofSeconds(60);
    private static final Duration TIME_TO_END = Duration.ofSeconds(30);
    private static final int TAIL_LINES = 60;

    private final List<String> routeDirectories;
    private final Readiness readiness;
    private final Path data;
    private final Path output;
    private final Map<String, String> environment;
    private final int port = freePort();
    private final JsonClient client = new JsonClient(URI.create("http://127.0.0.1:" + port));
    private @Nullable Process process;

    /** How a started program says that it is ready: this path answers 200 with this text. */
    public enum Readiness {
        /** All packages together. */
        SHARED("/health", "{\"status\":\"ok\"}"),
        /** The product sync package alone. */
        PRODUCT_SYNC("/healthz", "OK");

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
    }

    /** Starts the program and waits until it is ready. */
    public void start() throws IOException {
        if (process != null && process.isAlive()) {
            throw new IllegalStateException("It is running already");
        }
        ProcessBuilder builder = new ProcessBuilder(command())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
        builder.environment().putAll(environment);
        Process started = builder.start();
        process = started;
        // The tests' own end, however it comes, ends the program too.
        Runtime.getRuntime().addShutdownHook(new Thread(started::destroyForcibly));
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
        running.destroyForcibly();
        awaitEnd(running);
    }

    /**
     * Asks the program to end (SIGTERM) and waits until it has.
     *
     * @return its exit code
     */
    public int stop() {
        Process running = running();
        running.destroy();
        awaitEnd(running);
        return running.exitValue();
    }

    /** Starts the program again, on the same port and data; stops it before if it runs. */
    public void restart() throws IOException {
        if (process != null && process.isAlive()) {
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

    /** The last lines that the program wrote, for a test that fails. */
    public String tail() {
        try {
            List<String> lines = Files.exists(output)
                    ? new String(Files.readAllBytes(output), StandardCharsets.UTF_8)
                            .lines()
                            .toList()
                    : List.of();
            List<String> last = lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size());
            return "Its last lines:" + System.lineSeparator() + String.join(System.lineSeparator(), last);
        } catch (IOException e) {
            return "Its output cannot be read: " + e;
        }
    }

    /** Kills the program if it still runs. */
    @Override
    public void close() {
        if (process != null && process.isAlive()) {
            kill();
        }
    }

    /** A port of 127.0.0.1 that nobody used a moment ago. */
    public static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new AssertionError("No free port", e);
        }
    }

    private List<String> command() {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath(),
                "dev.segno.Segno",
                "run"));
        command.addAll(routeDirectories);
        command.addAll(List.of("--port", String.valueOf(port), "--data", data.toString()));
        return command;
    }

    /** What is shipped, if it has been put together (it has, when Maven runs this); else the class path of the tests. */
    private static String classPath() {
        Path target = Path.of("target");
        return Files.isDirectory(target.resolve("lib"))
                ? target.resolve("classes") + File.pathSeparator + target.resolve("lib") + File.separator + "*"
                : System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    private boolean ready() throws InterruptedException {
        try {
            JsonClient.Reply reply = client.get(readiness.path);
            String body = reply.body().isTextual()
                    ? reply.body().asText().strip()
                    : reply.body().toString();
            return reply.status() == 200 && body.equals(readiness.answer);
        } catch (IOException e) {
            return false; // its port is not open yet
        }
    }

    private Process running() {
        if (process == null || !process.isAlive()) {
            throw new IllegalStateException("It is not running. " + tail());
        }
        return process;
    }

    private void awaitEnd(Process ending) {
        try {
            if (!ending.waitFor(TIME_TO_END.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("Segno did not end within " + TIME_TO_END + ". " + tail());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("Interrupted while Segno was ending", e);
        }
    }
}
