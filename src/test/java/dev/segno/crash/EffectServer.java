package dev.segno.crash;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The independent witness: every call is an effect that is noted with its run and its key, and answered with a number
 * that no other answer has. It recognises no repeats, so what a run does twice, it sees twice.
 *
 * <ul>
 *   <li>{@code /effects/flaky}: of each key, the first call is refused with 503 and the second cut off;
 *   <li>{@code /effects/unreliable}: the same for a few keys, one of the two for some others, and an answer for most: a
 *       service with more failures than answers would be left alone by the breaker;
 *   <li>{@code /effects/refused}: 422; {@code /effects/broken}: 500, always;
 *   <li>{@code /effects/out-of-order}: 422, until {@link #mend};
 *   <li>{@code /effects/held}: no answer, until {@link #letGo};
 *   <li>{@code /effects/large}: an answer of 300 KiB; all others: a small one.
 * </ul>
 *
 * <p>Safe for use by many threads.
 */
final class EffectServer implements AutoCloseable {

    private static final int LARGE = 300 * 1024;

    /** What a call meets. */
    private enum Trouble {
        NONE,
        REFUSED,
        CUT_OFF
    }

    private final Vertx vertx;
    private final HttpServer server;
    private final Random random;
    private final int mostDelayMs;
    private final String pad = "x".repeat(LARGE);

    // All of these are guarded by this.
    private final List<Effect> effects = new ArrayList<>();
    private final Map<String, Integer> calls = new HashMap<>();
    private final List<Runnable> held = new ArrayList<>();
    private boolean holding = true;
    private boolean mended;
    private long tokens;
    private String awaitedPath = "";
    private int awaitedCalls;
    private @Nullable CompletableFuture<Void> awaited;

    /** @param mostDelayMs answers take a random time up to this, in ms */
    EffectServer(Random random, int mostDelayMs) {
        this.random = random;
        this.mostDelayMs = mostDelayMs;
        this.vertx = Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(1)
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
        this.server = vertx.createHttpServer()
                .requestHandler(request -> request.bodyHandler(body -> received(request, body)))
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    String url() {
        return "http://127.0.0.1:" + server.actualPort();
    }

    /** All calls so far, in the order in which they came. */
    synchronized List<Effect> effects() {
        return List.copyOf(effects);
    }

    /** Completes when that many further calls have come. */
    CompletableFuture<Void> afterCalls(int count) {
        return afterCalls("", count);
    }

    /** Completes when that many further calls of a path, or of any if it is empty, have come. */
    synchronized CompletableFuture<Void> afterCalls(String path, int count) {
        awaitedPath = path;
        awaitedCalls = count;
        CompletableFuture<Void> future = new CompletableFuture<>();
        awaited = future;
        return future;
    }

    /** The service that was out of order works from now on. */
    synchronized void mend() {
        mended = true;
    }

    /** Answers the calls that are held, and holds no more. */
    synchronized void letGo() {
        holding = false;
        held.forEach(answer -> vertx.runOnContext(now -> answer.run()));
        held.clear();
    }

    private synchronized boolean isHeld(Runnable answer) {
        if (holding) {
            held.add(answer);
        }
        return holding;
    }

    private void received(HttpServerRequest request, Buffer body) {
        String header = request.getHeader("Idempotency-Key");
        String key = header == null ? "/" : header;
        int slash = key.indexOf('/');
        String path = request.path();
        Effect effect;
        Trouble trouble;
        int delay;
        synchronized (this) {
            int call = calls.merge(path + ' ' + key, 1, Integer::sum);
            trouble = troubleOf(path, key, call);
            boolean answered = !path.endsWith("/refused")
                    && !path.endsWith("/broken")
                    && (mended || !path.endsWith("/out-of-order"))
                    && trouble == Trouble.NONE;
            effect = new Effect(
                    key.substring(0, slash),
                    key.substring(slash + 1),
                    path,
                    Arrays.hashCode(body.getBytes()),
                    answered ? ++tokens : 0,
                    System.nanoTime());
            effects.add(effect);
            delay = mostDelayMs == 0 ? 0 : random.nextInt(mostDelayMs);
            if (awaited != null && (awaitedPath.isEmpty() || awaitedPath.equals(path)) && --awaitedCalls <= 0) {
                awaited.completeAsync(() -> null);
                awaited = null;
            }
        }
        if (path.endsWith("/held") && isHeld(() -> answer(request, effect, trouble))) {
            return;
        }
        if (delay == 0) {
            answer(request, effect, trouble);
        } else {
            vertx.setTimer(delay, timer -> answer(request, effect, trouble));
        }
    }

    /** Always the same for a key; of the unreliable three in eight keys have some. */
    private static Trouble troubleOf(String path, String key, int call) {
        int kind = path.endsWith("/flaky") ? 2 : path.endsWith("/unreliable") ? Math.floorMod(key.hashCode(), 8) : 3;
        return switch (kind) {
            case 0 -> call == 1 ? Trouble.REFUSED : Trouble.NONE;
            case 1 -> call == 1 ? Trouble.CUT_OFF : Trouble.NONE;
            case 2 -> call == 1 ? Trouble.REFUSED : call == 2 ? Trouble.CUT_OFF : Trouble.NONE;
            default -> Trouble.NONE;
        };
    }

    private void answer(HttpServerRequest request, Effect effect, Trouble trouble) {
        if (effect.token() == 0) {
            if (trouble == Trouble.CUT_OFF) {
                request.connection().close();
                return;
            }
            int status = effect.path().endsWith("/broken") ? 500 : trouble == Trouble.REFUSED ? 503 : 422;
            request.response().setStatusCode(status).end();
            return;
        }
        ObjectNode answer = JsonNodeFactory.instance.objectNode().put("token", effect.token());
        answer.put("odd", effect.token() % 2 == 1)
                .putArray("items")
                .add(1)
                .add(2)
                .add(3);
        if (effect.path().endsWith("/large")) {
            answer.put("pad", pad);
        }
        request.response().putHeader("Content-Type", "application/json").end(answer.toString());
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
