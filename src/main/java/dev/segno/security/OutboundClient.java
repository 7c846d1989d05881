package dev.segno.security;

import dev.segno.security.OutboundFailure.Reason;
import dev.segno.security.OutboundRules.Target;
import io.vertx.core.Context;
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
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Calls URLs that callers gave. A name is resolved once, every address of it is checked against the {@link OutboundRules},
 * and the connection goes to an address that was checked: a name server that gives another answer the next time changes
 * nothing. The name stays in the Host header and in TLS. Redirects are not followed, and whatever the peer sends ends up in
 * no error. Safe for concurrent use.
 */
public final class OutboundClient implements AutoCloseable {

    /** From the question for the name to the last byte of the answer. */
    public static final Duration TIME = Duration.ofSeconds(5);

    /** Bytes of an answer's body. */
    public static final int MAX_BODY = 2_000_000;

    private final Vertx vertx;
    private final OutboundRules rules;
    private final HostResolver resolver;
    private final Duration time;
    private final HttpClient client;

    /**
     * What a peer answered, with any status but a redirect.
     *
     * @param headers not to be changed
     */
    public record Answer(int status, MultiMap headers, Buffer body) {}

    /** @param vertx whose event loops are used; it is not closed with the client */
    public OutboundClient(Vertx vertx, OutboundRules rules) {
        this(vertx, rules, HostResolver.SYSTEM, TIME);
    }

    OutboundClient(Vertx vertx, OutboundRules rules, HostResolver resolver, Duration time) {
        this.vertx = vertx;
        this.rules = rules;
        this.resolver = resolver;
        this.time = time;
        // A connection is for one call: one that is kept was checked for another name. Nothing is decompressed.
        this.client = vertx.createHttpClient(new HttpClientOptions()
                .setKeepAlive(false)
                .setMaxPoolSize(64)
                .setMaxWaitQueueSize(256)
                .setForceSni(true)
                .setConnectTimeout((int) time.toMillis()));
    }

    /**
     * Calls a URL.
     *
     * @param field   the field that the URL came from, for the message if it is not allowed
     * @param headers sent as they are, but for {@code Host}
     * @param body    {@code null} for none
     * @return fails with an {@link ApiException} when the URL is not allowed as it stands, else with an
     *     {@link OutboundFailure}
     */
    public Future<Answer> call(
            HttpMethod method, String field, String url, Map<String, String> headers, @Nullable Buffer body) {
        Target target;
        try {
            target = rules.target(field, url);
        } catch (ApiException e) {
            return Future.failedFuture(e);
        }
        Context context = vertx.getOrCreateContext();
        Promise<Answer> answer = Promise.promise();
        context.runOnContext(begun -> {
            Call call = new Call(target, answer);
            call.begin(context, method, headers, body);
        });
        return answer.future();
    }

    /** {@link #call} with GET. */
    public Future<Answer> get(String field, String url, Map<String, String> headers) {
        return call(HttpMethod.GET, field, url, headers, null);
    }

    @Override
    public void close() {
        client.close();
    }

    /** One call. Used on its context alone. */
    private final class Call {

        private final Target target;
        private final Promise<Answer> answer;
        private final Buffer body = Buffer.buffer();
        private @Nullable HttpClientRequest request;

        Call(Target target, Promise<Answer> answer) {
            this.target = target;
            this.answer = answer;
        }

        void begin(Context context, HttpMethod method, Map<String, String> headers, @Nullable Buffer sent) {
            long timer = vertx.setTimer(
                    time.toMillis(), up -> fail(Reason.TOO_SLOW, "did not answer within " + time.toMillis() + " ms"));
            answer.future().onComplete(over -> vertx.cancelTimer(timer));
            context.executeBlocking(() -> List.copyOf(resolver.addressesOf(plainHost())), false)
                    .onSuccess(addresses -> connect(addresses, method, headers, sent))
                    .onFailure(unknown -> fail(Reason.UNKNOWN_HOST, "has a name that cannot be resolved"));
        }

        private String plainHost() {
            String host = target.host();
            return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        }

        private void connect(
                List<InetAddress> addresses, HttpMethod method, Map<String, String> headers, @Nullable Buffer sent) {
            if (answer.future().isComplete()) {
                return;
            }
            if (addresses.isEmpty()) {
                fail(Reason.UNKNOWN_HOST, "has a name that cannot be resolved");
                return;
            }
            if (!addresses.stream().allMatch(address -> rules.admits(target.host(), address))) {
                fail(Reason.NOT_ALLOWED, "has an address that is not on the public Internet; " + OutboundRules.ADVICE);
                return;
            }
            RequestOptions options = new RequestOptions()
                    .setMethod(method)
                    .setServer(SocketAddress.inetSocketAddress(
                            target.port(), addresses.get(0).getHostAddress()))
                    .setHost(plainHost())
                    .setPort(target.port())
                    .setSsl(target.tls())
                    .setFollowRedirects(false)
                    .setURI(target.pathAndQuery());
            headers.forEach(options::putHeader);
            options.putHeader("Host", target.authority());
            client.request(options)
                    .onSuccess(made -> {
                        request = made;
                        if (answer.future().isComplete()) {
                            made.reset();
                            return;
                        }
                        made.response().onSuccess(this::read).onFailure(failure -> broken());
                        (sent == null ? made.end() : made.end(sent)).onFailure(failure -> broken());
                    })
                    .onFailure(failure -> broken());
        }

        private void read(HttpClientResponse response) {
            int status = response.statusCode();
            if (status >= 300 && status < 400 && status != 304) {
                fail(Reason.REDIRECT, "answered with a redirect (" + status + "), which is not followed");
                return;
            }
            response.handler(piece -> {
                if (body.length() + piece.length() > MAX_BODY) {
                    fail(Reason.TOO_LARGE, "answered with more than " + MAX_BODY + " bytes");
                } else if (!answer.future().isComplete()) {
                    body.appendBuffer(piece);
                }
            });
            response.exceptionHandler(failure -> broken());
            response.endHandler(end -> answer.tryComplete(new Answer(status, response.headers(), body)));
        }

        private void broken() {
            fail(Reason.UNREACHABLE, "could not be reached, or broke off");
        }

        private void fail(Reason reason, String what) {
            if (answer.tryFail(new OutboundFailure(reason, target.authority() + " " + what)) && request != null) {
                request.reset();
            }
        }
    }
}
