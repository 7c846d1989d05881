package dev.segno.camel.service;

import dev.segno.control.SettingsCatalog;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP client behind {@code service:}: connections, time limits, one circuit breaker per service, and where the
 * services are. Follows no redirects. Thread-safe.
 */
public final class ServiceCalls implements AutoCloseable {

    /** Connections to one host and port; calls beyond them wait their turn. */
    private static final int MAX_CONNECTIONS = 512;

    private static final int MAX_WAITING = 10_000;
    private static final int MAX_HEADER_BYTES = 16 * 1024;

    private final CallTimes times;
    private final HttpClient client;
    private final Function<String, Optional<String>> settings;
    private final Executor executor;
    private final long maxAnswerBytes;
    private final CircuitBreakerRegistry breakers;
    private final BearerTokens tokens;
    private final List<CallObserver> observers = new CopyOnWriteArrayList<>();

    /**
     * @param settings       where the addresses of services and credentials are looked up, at each call
     * @param executor       on which routes go on after a call
     * @param maxAnswerBytes largest answer that is read; a larger one is a failure that is not retried
     */
    public ServiceCalls(
            Vertx vertx, Function<String, Optional<String>> settings, Executor executor, long maxAnswerBytes) {
        this(vertx, CallTimes.of(vertx), settings, executor, maxAnswerBytes);
    }

    /**
     * As the other constructor, with a time of its own.
     *
     * @param times by which time limits and patience go; a breaker's rest does not
     */
    public ServiceCalls(
            Vertx vertx,
            CallTimes times,
            Function<String, Optional<String>> settings,
            Executor executor,
            long maxAnswerBytes) {
        this.times = times;
        this.settings = settings;
        this.executor = executor;
        this.maxAnswerBytes = maxAnswerBytes;
        this.client = vertx.createHttpClient(
                new HttpClientOptions()
                        .setConnectTimeout(5_000)
                        .setMaxHeaderSize(MAX_HEADER_BYTES)
                        .setMaxWaitQueueSize(MAX_WAITING)
                        .setKeepAliveTimeout(15),
                new PoolOptions().setHttp1MaxSize(MAX_CONNECTIONS));
        boolean breaking = !settings.apply(SettingsCatalog.HTTP_CIRCUIT_ENABLED.name())
                .map("false"::equalsIgnoreCase)
                .orElse(false);
        this.tokens = new BearerTokens(this, settings);
        this.breakers = CircuitBreakerRegistry.of(CircuitBreakerConfig.custom()
                .slidingWindowSize(50)
                .minimumNumberOfCalls(20)
                .failureRateThreshold(60)
                .waitDurationInOpenState(Duration.ofSeconds(5))
                .permittedNumberOfCallsInHalfOpenState(3)
                .automaticTransitionFromOpenToHalfOpenEnabled(false)
                // Where breakers are switched off, nothing counts as a failure.
                .recordException(failure -> breaking)
                .build());
    }

    /** Tells an observer of all calls from now on. */
    public void observe(CallObserver observer) {
        observers.add(observer);
    }

    void made(MadeCall call) {
        observers.forEach(observer -> observer.made(call));
    }

    CircuitBreaker breaker(String service) {
        return breakers.circuitBreaker(service);
    }

    /**
     * Where a service is: {@code <NAME>_URL}, or {@code segno.services.<name>.url}, without a slash at its end.
     *
     * @param operation path that the setting may already end with: it can name the service or the operation itself
     * @throws CallFailed when nobody says where the service is
     */
    String root(String service, String operation) {
        String base = address(service);
        String trimmed = base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
        return !operation.equals("/") && trimmed.endsWith(operation)
                ? trimmed.substring(0, trimmed.length() - operation.length())
                : trimmed;
    }

    /** The setting that says where a service is: {@code DOC_STORE_URL} for {@code doc-store}. */
    public static String addressSetting(String service) {
        return service.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_") + "_URL";
    }

    /**
     * The setting itself, as it stands.
     *
     * @throws CallFailed when nobody says where the service is
     */
    String address(String service) {
        String variable = addressSetting(service);
        return settings.apply(variable)
                .or(() -> settings.apply("segno.services." + service + ".url"))
                .orElseThrow(() -> CallFailed.notConfigured(
                        "Nobody says where the service '" + service + "' is; set " + variable));
    }

    /** The value of a credential; empty when the setting is not set. */
    Optional<String> credential(String setting) {
        return settings.apply(setting);
    }

    /** The tokens that are sent as Authorization. */
    BearerTokens tokens() {
        return tokens;
    }

    CallTimes times() {
        return times;
    }

    /** Runs a task on the routes' executor. */
    void goOn(Runnable task) {
        executor.execute(task);
    }

    /** Runs a task on the routes' executor, some time from now. */
    void goOnAfter(Duration delay, Runnable task) {
        times.after(delay, () -> executor.execute(task));
        times.rests();
    }

    /** Sends one request and reads its whole answer within {@code timeout}. */
    Future<Answer> send(String method, String url, MultiMap headers, @Nullable Buffer body, Duration timeout) {
        Promise<Answer> promise = Promise.promise();
        RequestOptions request;
        try {
            request = new RequestOptions()
                    .setMethod(HttpMethod.valueOf(method))
                    .setAbsoluteURI(url)
                    .setFollowRedirects(false)
                    .setHeaders(headers);
        } catch (RuntimeException e) {
            return Future.failedFuture(new CallFailed("The address " + url + " is not a URL", 0, false, null, e));
        }
        Exchange exchange = new Exchange(promise);
        Runnable cancel = times.after(timeout, () -> exchange.expire(timeout));
        promise.future().onComplete(done -> cancel.run());
        client.request(request).onComplete(opened -> {
            if (opened.failed()) {
                promise.tryFail(opened.cause());
                return;
            }
            exchange.opened(opened.result());
            Future<HttpClientResponse> sent =
                    body == null ? opened.result().send() : opened.result().send(body);
            sent.onComplete(response -> {
                if (response.failed()) {
                    promise.tryFail(response.cause());
                } else {
                    read(response.result(), promise);
                }
            });
        });
        return promise.future();
    }

    private void read(HttpClientResponse response, Promise<Answer> promise) {
        Buffer body = Buffer.buffer();
        response.exceptionHandler(promise::tryFail);
        response.handler(chunk -> {
            if (body.length() + chunk.length() > maxAnswerBytes) {
                promise.tryFail(new CallFailed(
                        "The answer is larger than " + maxAnswerBytes + " bytes",
                        response.statusCode(),
                        false,
                        null,
                        null));
                response.request().reset();
            } else {
                body.appendBuffer(chunk);
            }
        });
        response.endHandler(end -> promise.tryComplete(new Answer(response.statusCode(), response.headers(), body)));
    }

    @Override
    public void close() {
        client.close();
    }

    /** One request under way, which its time limit may cut off at any point. */
    private static final class Exchange {
        private final Promise<Answer> promise;
        private @Nullable HttpClientRequest request;
        private boolean expired;

        Exchange(Promise<Answer> promise) {
            this.promise = promise;
        }

        synchronized void opened(HttpClientRequest opened) {
            request = opened;
            if (expired) {
                opened.reset();
            }
        }

        synchronized void expire(Duration timeout) {
            expired = true;
            promise.tryFail(
                    new CallFailed("No complete answer within " + timeout.toMillis() + " ms", 0, true, null, null));
            if (request != null) {
                request.reset();
            }
        }
    }
}
