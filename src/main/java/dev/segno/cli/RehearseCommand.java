package dev.segno.cli;

import dev.segno.Application;
import dev.segno.RouteLayout;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

/**
 * {@code segno rehearse}: a start as any other, with all example packages, an empty store and any free port; asks itself
 * something, and ends. The launcher lets Java write down the classes that this takes, and later starts get them from
 * there at a fraction of the cost.
 */
@Command(name = "rehearse", hidden = true, description = "Starts once and ends, for faster starts later.")
final class RehearseCommand implements Callable<Integer> {

    private static final List<String> QUESTIONS = List.of("/health", "/api/runs", "/api/runs/none");

    @Override
    public Integer call() throws Exception {
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.putIfAbsent("ADMIN_KEY", DemoCommand.DEMO_KEY);
        Path data = Files.createTempDirectory("segno-rehearsal");
        try (Application application = Application.start(
                new Application.Options(
                        RouteLayout.of(List.of(Home.routes()), Home.routes()), "127.0.0.1", 0, data, false),
                new NodeOptions().settings(environment))) {
            for (String question : QUESTIONS) {
                ask(application.port(), question);
            }
        } finally {
            delete(data);
        }
        return 0;
    }

    private static void ask(int port, String path) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            socket.getInputStream().readAllBytes();
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
