package dev.segno.camel.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.segno.camel.CallsMade;
import dev.segno.camel.RunNode;
import dev.segno.run.TraceIds;
import dev.segno.security.ApiException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.support.DefaultAsyncProducer;
import org.jspecify.annotations.Nullable;

/** Calls a service: JSON out, JSON in; waits for a busy peer and for an open breaker without a thread. */
final class ServiceProducer extends DefaultAsyncProducer {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration FIRST_PATIENCE = Duration.ofMillis(250);
    private static final Duration MOST_PATIENCE = Duration.ofSeconds(10);
    private static final Duration STATUS_TIMEOUT = Duration.ofSeconds(5);

    private final String service;
    private final CallOptions options;
    private final ServiceCalls calls;
    private final ServiceRequest request;
    private final CallOutcome outcome;

    ServiceProducer(ServiceEndpoint endpoint, String service, CallOptions options, ServiceCalls calls) {
        super(endpoint);
        this.service = service;
        this.options = options;
        this.calls = calls;
        this.request = new ServiceRequest(service, options, calls);
        this.outcome = new CallOutcome(service, options);
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        Call call;
        try {
            call = new Call(exchange, callback);
        } catch (CallFailed e) {
            exchange.setException(RunNode.stepOf(exchange) == null ? new ApiException(outcome.errorFor(e), e) : e);
            callback.done(true);
            return true;
        } catch (RuntimeException | IOException e) {
            exchange.setException(e);
            callback.done(true);
            return true;
        }
        calls.times().begun();
        call.begin();
        return false;
    }

    /** One call, from its first request to the answer that counts. */
    private final class Call {
        private final Exchange exchange;
        private final AsyncCallback callback;
        private final String root;
        private final String url;
        private final MultiMap headers;
        private final @Nullable Buffer body;
        private final CircuitBreaker breaker;
        private final long begunAt = calls.times().nanoTime();
        /** Whether a step stands behind the call, which tries again and keeps what it got. */
        private final boolean inStep;

        private int tried = 1;
        /** Whether the token was made anew for this call, which happens once. */
        private boolean renewed;

        private Duration patience = FIRST_PATIENCE;

        Call(Exchange exchange, AsyncCallback callback) throws IOException {
            this.exchange = exchange;
            this.callback = callback;
            this.inStep = RunNode.stepOf(exchange) != null;
            this.root = calls.root(service, options.path());
            // The address of a webhook is given to its last character.
            this.url = options.path().equals("/") ? calls.address(service) : root + request.path(exchange);
            this.headers = request.headersOf(exchange);
            this.body = options.hasEffect() ? ServiceRequest.bodyOf(exchange.getMessage()) : null;
            this.breaker = calls.breaker(service);
        }

        void begin() {
            if (!breaker.tryAcquirePermission()) {
                if (!inStep || options.tries() > 1) {
                    // Somebody waits for the answer, who is told at once.
                    end(CallFailed.circuitOpen(
                            outcome.described() + " is not asked: its circuit breaker is open", true));
                    return;
                }
                waitOr("The circuit breaker of the service '" + service + "' is open", this::begin);
                return;
            }
            long sentAt = System.nanoTime();
            Instant startedAt = Instant.now();
            String traceParent = TraceIds.call(
                    exchange.getMessage().getHeader(TraceIds.HEADER, String.class), RunNode.runOf(exchange));
            headers.set(TraceIds.HEADER, traceParent);
            calls.send(options.method(), url, headers, body, timeout()).onComplete(answered -> {
                long nanos = System.nanoTime() - sentAt;
                int status = answered.succeeded() ? answered.result().status() : 0;
                calls.made(new MadeCall(
                        RunNode.runOf(exchange),
                        RunNode.stepOf(exchange),
                        inStep ? CallsMade.attemptOf(exchange) : tried,
                        service,
                        options.method(),
                        withoutQuery(),
                        status,
                        startedAt,
                        startedAt.plusNanos(nanos),
                        traceParent));
                if (answered.failed()) {
                    breaker.onError(nanos, TimeUnit.NANOSECONDS, answered.cause());
                    calls.goOn(() -> fail(outcome.noAnswer(answered.cause())));
                } else {
                    Answer answer = answered.result();
                    if (answer.status() >= 500) {
                        breaker.onError(nanos, TimeUnit.NANOSECONDS, new IllegalStateException("5xx"));
                    } else {
                        breaker.onSuccess(nanos, TimeUnit.NANOSECONDS);
                    }
                    calls.goOn(() -> answered(answer, startedAt.toEpochMilli(), TimeUnit.NANOSECONDS.toMillis(nanos)));
                }
            });
        }

        /** Not more than is left of the run's time, where the call wants that. */
        private Duration timeout() {
            Duration left =
                    options.untilDeadline() ? RunNode.timeLeft(exchange).orElse(options.timeout()) : options.timeout();
            return left.compareTo(options.timeout()) < 0 ? left.plusMillis(1) : options.timeout();
        }

        private void answered(Answer answer, long sentAtMs, long ms) {
            try {
                if (answer.status() == 401 && !renewed && calls.tokens().canRenew(options.bearer())) {
                    renewed = true;
                    calls.tokens()
                            .renew(String.valueOf(options.bearer()), headers.get(HttpHeaders.AUTHORIZATION))
                            .onComplete(token -> calls.goOn(() -> {
                                token.map(value -> headers.set(HttpHeaders.AUTHORIZATION, "Bearer " + value));
                                begin();
                            }));
                } else if (answer.status() == options.busyStatus() && options.busyStatus() > 0) {
                    waitOr("The service '" + service + "' stayed busy", this::askWhetherBusy);
                } else if (outcome.isTaken(answer.status())) {
                    take(answer);
                    CallsMade.note(exchange, service, options.method(), plainUrl(), answer.status(), sentAtMs, ms);
                    done();
                } else {
                    fail(outcome.refused(answer));
                }
            } catch (IOException e) {
                fail(new CallFailed(
                        outcome.described() + " answered with JSON that is not valid",
                        answer.status(),
                        options.retryable(),
                        null,
                        e));
            }
        }

        /** A peer that is still at work is usually at work for us: our earlier request, whose answer got lost. */
        private void askWhetherBusy() {
            if (options.busyPath() == null) {
                begin();
                return;
            }
            calls.send("GET", root + options.busyPath(), request.headersOfStatus(), null, STATUS_TIMEOUT)
                    .onComplete(answered -> calls.goOn(() -> {
                        if (answered.succeeded() && saysBusy(answered.result())) {
                            waitOr("The service '" + service + "' stayed busy", this::askWhetherBusy);
                        } else {
                            begin();
                        }
                    }));
        }

        private boolean saysBusy(Answer answer) {
            try {
                JsonNode status = JSON.readTree(answer.body().getBytes());
                return status != null && status.path(options.busyField()).asBoolean(false);
            } catch (IOException e) {
                // A peer that cannot say is asked by the call itself.
                return false;
            }
        }

        private void waitOr(String problem, Runnable next) {
            long waited = TimeUnit.NANOSECONDS.toMillis(calls.times().nanoTime() - begunAt);
            if (waited >= options.busyTimeout().toMillis() + options.timeout().toMillis()) {
                fail(new CallFailed(problem + " for " + waited + " ms", 0, options.retryable(), null, null));
                return;
            }
            Duration now = patience;
            patience = patience.multipliedBy(2).compareTo(MOST_PATIENCE) > 0 ? MOST_PATIENCE : patience.multipliedBy(2);
            calls.goOnAfter(now, next);
        }

        private void take(Answer answer) throws IOException {
            Message message = exchange.getMessage();
            message.removeHeader(Exchange.CONTENT_TYPE);
            message.setHeader(Exchange.HTTP_RESPONSE_CODE, answer.status());
            for (String name : options.answerHeaders()) {
                message.removeHeader(name);
                Optional.ofNullable(answer.headers().get(name)).ifPresent(value -> message.setHeader(name, value));
            }
            byte[] bytes = answer.body().getBytes();
            String type = answer.contentType();
            if (bytes.length == 0) {
                message.setBody(null);
            } else if (type != null && type.toLowerCase(Locale.ROOT).contains("json")) {
                message.setBody(JSON.readValue(bytes, Object.class));
            } else {
                message.setBody(new String(bytes, StandardCharsets.UTF_8));
            }
        }

        private String withoutQuery() {
            int query = url.indexOf('?');
            return query < 0 ? url : url.substring(0, query);
        }

        /** The address without what may be secret in it: its query, and a user. */
        private String plainUrl() {
            String plain = url.replaceFirst("[?#].*", "");
            int user = plain.indexOf('@');
            int host = plain.indexOf("://") + 3;
            return user > host && plain.indexOf('/', host) > user
                    ? plain.substring(0, host) + plain.substring(user + 1)
                    : plain;
        }

        private void fail(CallFailed failure) {
            if (tried < options.tries() && failure.verdict().retryable()) {
                Duration pause = failure.verdict().retryAfter().orElseGet(this::pause);
                // Whoever waits for the answer does not wait longer than for one that hangs.
                if (pause.compareTo(options.timeout()) <= 0) {
                    calls.goOnAfter(pause, this::begin);
                    tried++;
                    return;
                }
            }
            end(failure);
        }

        /** Twice as long each time, and up to half as long again, so that callers do not come all at once. */
        private Duration pause() {
            long millis = options.pause().toMillis() << Math.min(tried - 1, 8);
            return Duration.ofMillis(millis + ThreadLocalRandom.current().nextLong(millis / 2 + 1));
        }

        private void end(CallFailed failure) {
            exchange.setException(inStep ? failure : new ApiException(outcome.errorFor(failure), failure));
            done();
        }

        private void done() {
            // What comes behind the call is a task that is under way itself.
            calls.times().rests();
            callback.done(false);
        }
    }
}
