package dev.segno.cli;

import dev.segno.sandbox.SandboxSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The sandbox beside a demo: a process of its own, so that killing Segno leaves the other people's services alive, and
 * a second start finds them again.
 */
final class SandboxProcess {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long LOOK_MILLIS = 100;

    private SandboxProcess() {}

    /** Starts the sandbox unless it is there already, and waits until all its services answer. */
    static void ensureRunning(SandboxSettings settings, Map<String, String> environment, Path data, PrintWriter out)
            throws IOException, InterruptedException {
        if (settings.ports().values().stream().allMatch(SandboxProcess::answers)) {
            out.println("The sandbox of an earlier start is still there and is used again.");
            return;
        }
        Files.createDirectories(data);
        Path log = data.resolve("sandbox.log");
        ProcessBuilder builder = new ProcessBuilder(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-D" + Home.PROPERTY + "=" + Home.directory(),
                "-cp",
                System.getProperty("java.class.path"),
                "dev.segno.Segno",
                "sandbox",
                "--config",
                Home.directory().resolve("config/sandbox.yaml").toString()));
        builder.environment().putAll(environment);
        builder.redirectErrorStream(true).redirectOutput(log.toFile());
        Process process = builder.start();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!settings.ports().values().stream().allMatch(SandboxProcess::answers)) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                throw new IOException("The sandbox did not start: " + lastLine(log));
            }
            Thread.sleep(LOOK_MILLIS);
        }
        out.println(
                "The sandbox runs as process " + process.pid() + " and goes on when Segno ends (log: " + log + "):");
        settings.ports().forEach((name, port) -> out.printf("  %-16s http://127.0.0.1:%d%n", name, port));
    }

    private static boolean answers(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (ConnectException e) {
            return false;
        } catch (IOException e) {
            throw new IllegalStateException("Port " + port + " of the sandbox cannot be looked at", e);
        }
    }

    private static String lastLine(Path log) throws IOException {
        List<String> lines = Files.readAllLines(log);
        return lines.isEmpty() ? "it said nothing" : lines.get(lines.size() - 1);
    }
}
