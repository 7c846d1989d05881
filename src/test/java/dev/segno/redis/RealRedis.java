package dev.segno.redis;

import static org.awaitility.Awaitility.await;

import dev.segno.spec.SegnoProcess;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A Redis server in a process of its own, which keeps its port and its files over kills and starts; every command that it has
 * answered is on disk. Commands wait for their answers. Used by several threads, started and ended by one.
 */
public final class RealRedis implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Path directory;
    private final Path program;
    private final int port = SegnoProcess.freePort();
    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final io.vertx.redis.client.Redis client;
    private @Nullable Process process;

    /** @param directory for its files; exists */
    public RealRedis(Path directory) {
        this.directory = directory;
        this.program = unpacked(directory);
        this.client = io.vertx.redis.client.Redis.createClient(
                vertx, new RedisOptions().setConnectionString("redis://127.0.0.1:" + port));
        Runtime.getRuntime().addShutdownHook(new Thread(this::kill));
    }

    private static Path unpacked(Path directory) {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac") ? "darwin" : "linux";
        String processor = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
        String name = "redis-server-7.0.15-" + os + '-' + processor;
        Path file = directory.resolve(name);
        try (InputStream in = Objects.requireNonNull(
                RealRedis.class.getClassLoader().getResourceAsStream(name), name + " is in no jar")) {
            Files.copy(in, file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (!file.toFile().setExecutable(true)) {
            throw new IllegalStateException(file + " cannot be made executable");
        }
        return file;
    }

    public RealRedis start() throws IOException {
        process = new ProcessBuilder(List.of(
                        program.toString(),
                        "--port",
                        String.valueOf(port),
                        "--bind",
                        "127.0.0.1",
                        "--dir",
                        directory.toString(),
                        "--save",
                        "",
                        "--appendonly",
                        "yes",
                        "--appendfsync",
                        "always"))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("redis.log").toFile()))
                .start();
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> ask(Command.PING).toString().equals("PONG"));
        return this;
    }

    /** Ends it as {@code kill -9} does. */
    public void kill() {
        Process running = process;
        if (running != null && running.isAlive()) {
            running.destroyForcibly();
            try {
                if (!running.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                    throw new AssertionError("Redis did not end");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    public int port() {
        return port;
    }

    /** @throws IllegalStateException when it does not answer, or refuses */
    public Response ask(Command command, Object... arguments) {
        Request request = Request.cmd(command);
        for (Object argument : arguments) {
            request.arg(String.valueOf(argument));
        }
        try {
            return client.send(request)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
            throw new IllegalStateException("Redis did not answer " + command, e);
        }
    }

    /** Commands on one connection, in their order. */
    public List<Response> askAll(List<Request> requests) {
        try {
            return client.batch(requests)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
            throw new IllegalStateException("Redis did not answer", e);
        }
    }

    /** Appends an entry of these names and values; its id. */
    public String add(String stream, String... fields) {
        Object[] arguments = new Object[2 + fields.length];
        arguments[0] = stream;
        arguments[1] = "*";
        System.arraycopy(fields, 0, arguments, 2, fields.length);
        return ask(Command.XADD, arguments).toString();
    }

    /** Entries that a group has in hand. */
    public long pending(String stream, String group) {
        return ask(Command.XPENDING, stream, group).get(0).toLong();
    }

    @Override
    public void close() {
        client.close();
        kill();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
