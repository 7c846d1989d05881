package dev.segno.bench;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A process that a benchmark starts, measures and ends. Used by one thread. */
final class BenchProcess implements AutoCloseable {

    private static final Duration TIME_TO_START = Duration.ofSeconds(60);
    private static final Duration TIME_TO_END = Duration.ofSeconds(45);
    private static final long LOOK_MILLIS = 2;

    private final Process process;
    private final String name;
    private final int port;

    private BenchProcess(Process process, String name, int port) {
        this.process = process;
        this.name = name;
        this.port = port;
        // Ended from outside, a benchmark must not leave its servers behind.
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    }

    /** The stub, listening. */
    static BenchProcess stub() throws IOException {
        int port = freePort();
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                StubServer.class.getName(),
                String.valueOf(port));
        BenchProcess stub = new BenchProcess(builder.inheritIO().start(), "The stub", port);
        stub.awaitAnswer();
        return stub;
    }

    /**
     * Segno by its launcher; it may still be starting when this returns.
     *
     * @param command   of the launcher, with its options but for the port
     * @param port      where it will listen
     * @param variables added to the environment
     * @param log       where its output goes; null to let it write to nowhere, which a disk that is measured does not see
     */
    static BenchProcess segno(List<String> command, int port, Map<String, String> variables, @Nullable Path log)
            throws IOException {
        List<String> all =
                new ArrayList<>(List.of(Path.of("segno").toAbsolutePath().toString()));
        all.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(all).redirectErrorStream(true);
        File output = log == null ? null : log.toFile();
        builder.redirectOutput(
                output == null ? ProcessBuilder.Redirect.DISCARD : ProcessBuilder.Redirect.appendTo(output));
        builder.environment().putAll(variables);
        return new BenchProcess(builder.start(), "Segno", port);
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    int port() {
        return port;
    }

    /** Waits until something answers HTTP at the port, whatever the answer. */
    void awaitAnswer() throws IOException {
        awaitAnswer("/", "HTTP/1.1");
    }

    /**
     * Waits until a path is answered in a certain way.
     *
     * @param beginning how the answer must begin
     */
    void awaitAnswer(String path, String beginning) throws IOException {
        long deadline = System.nanoTime() + TIME_TO_START.toNanos();
        while (!answers(path, beginning)) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                throw new IOException(name + " did not start; --log FILE keeps what it says");
            }
            pause();
        }
    }

    private boolean answers(String path, String beginning) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8).startsWith(beginning);
        } catch (IOException e) {
            // Not open yet, or only looked at by the process itself.
            return false;
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(LOOK_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted", e);
        }
    }

    /** Processor time used so far, of all its threads. */
    Duration cpuTime() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** Memory that it holds at the moment, in bytes; of Linux's {@code /proc}. */
    long residentBytes() throws IOException {
        return status("VmRSS");
    }

    /** The most memory that it has held so far, in bytes; of Linux's {@code /proc}. */
    long mostResidentBytes() throws IOException {
        return status("VmHWM");
    }

    private long status(String field) throws IOException {
        try (var lines = Files.lines(Path.of("/proc", String.valueOf(process.pid()), "status"))) {
            return lines.filter(line -> line.startsWith(field + ':'))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                    .findFirst()
                    .orElseThrow(() -> new IOException("There is no " + field + " of " + name));
        }
    }

    long pid() {
        return process.pid();
    }

    /** Ends it as {@code kill -9} does. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Asks it to end, and waits until it has. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(TIME_TO_END.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }
}
