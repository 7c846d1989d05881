package dev.segno.testkit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.segno.camel.service.ServiceCalls;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The services of other people in one case: a real HTTP server for each, which answers as the test file says and writes down
 * what it was asked. Outlives the processes that call it. Thread-safe.
 */
final class StandIns implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Refused for good: a call that nobody expected must not be tried again. */
    private static final int NOT_EXPECTED = 400;

    private final Map<TestCase.Stub, List<TestCase.StubAnswer>> left = new LinkedHashMap<>();
    private final Map<String, HttpServer> servers = new LinkedHashMap<>();
    private final List<ReceivedCall> calls = new ArrayList<>();
    private final List<String> surprises = new ArrayList<>();
    private volatile Caller caller = new Caller(call -> false, () -> {});

    /**
     * The process that calls at the moment.
     *
     * @param dies  whether it is gone with this call
     * @param rests tells it that a call gets no answer
     */
    record Caller(Predicate<ReceivedCall> dies, Runnable rests) {}

    private StandIns(List<TestCase.Stub> stubs) {
        stubs.forEach(stub -> left.put(stub, new ArrayList<>(stub.answers())));
    }

    /** Starts a server for each service that has answers. */
    static StandIns open(Vertx vertx, List<TestCase.Stub> stubs) {
        StandIns standIns = new StandIns(stubs);
        for (TestCase.Stub stub : stubs) {
            standIns.servers.computeIfAbsent(
                    stub.service(),
                    service -> vertx.createHttpServer()
                            .requestHandler(request ->
                                    request.body().onSuccess(body -> standIns.answer(service, request, body)))
                            .listen(0, "127.0.0.1")
                            .toCompletionStage()
                            .toCompletableFuture()
                            .join());
        }
        return standIns;
    }

    /** Where the services are, by the names of the settings that say so. */
    Map<String, String> addresses() {
        Map<String, String> addresses = new LinkedHashMap<>();
        servers.forEach((service, server) ->
                addresses.put(ServiceCalls.addressSetting(service), "http://127.0.0.1:" + server.actualPort()));
        return addresses;
    }

    /** From now on this process calls. */
    void serve(Caller next) {
        caller = next;
    }

    synchronized List<ReceivedCall> calls() {
        return List.copyOf(calls);
    }

    /** Calls for which the test file has no answer, as sentences. */
    synchronized List<String> surprises() {
        return List.copyOf(surprises);
    }

    private void answer(String service, HttpServerRequest request, Buffer body) {
        String method = request.method().name();
        JsonNode content = parsed(body);
        Optional<TestCase.StubAnswer> found;
        ReceivedCall call;
        synchronized (this) {
            found = take(service, method, request, content);
            String what = found.map(StandIns::described).orElse("no answer");
            call = new ReceivedCall(service, method, request.path(), request.headers(), content, what);
            calls.add(call);
            if (found.isEmpty()) {
                surprises.add("calls: the test file has no answer to call "
                        + calls.stream()
                                .filter(known -> isSamePlace(known, call))
                                .count() + " of " + service + " "
                        + method + " " + call.path() + " with " + Difference.shown(content));
            }
        }
        Caller mine = caller;
        if (mine.dies().test(call)) {
            synchronized (this) {
                calls.set(calls.indexOf(call), call.answered("the process died"));
            }
            return;
        }
        TestCase.StubAnswer answer = found.orElse(null);
        if (answer == null) {
            request.response().setStatusCode(NOT_EXPECTED).end("The test file has no answer to this call");
        } else if (answer.behaviour() == TestCase.Behaviour.HANG) {
            mine.rests().run();
        } else if (answer.behaviour() == TestCase.Behaviour.DROP) {
            request.connection().close();
        } else {
            send(answer, request.response());
        }
    }

    private static boolean isSamePlace(ReceivedCall one, ReceivedCall other) {
        return one.service().equals(other.service())
                && one.method().equals(other.method())
                && one.path().equals(other.path());
    }

    private Optional<TestCase.StubAnswer> take(
            String service, String method, HttpServerRequest request, @Nullable JsonNode body) {
        for (Map.Entry<TestCase.Stub, List<TestCase.StubAnswer>> entry : left.entrySet()) {
            TestCase.Stub stub = entry.getKey();
            String path = stub.path().contains("?") ? request.uri() : request.path();
            if (stub.service().equals(service)
                    && stub.path().equals(path)
                    && (stub.method() == null || stub.method().equals(method))) {
                for (TestCase.StubAnswer answer : entry.getValue()) {
                    JsonNode when = answer.when();
                    if (when == null || (body != null && Difference.includes(body, when))) {
                        if (!stub.always()) {
                            entry.getValue().remove(answer);
                        }
                        return Optional.of(answer);
                    }
                }
            }
        }
        return Optional.empty();
    }

    private static String described(TestCase.StubAnswer answer) {
        return switch (answer.behaviour()) {
            case HANG -> "hung";
            case DROP -> "broke off";
            case ANSWER -> String.valueOf(answer.status());
        };
    }

    private static void send(TestCase.StubAnswer answer, HttpServerResponse response) {
        response.setStatusCode(answer.status());
        JsonNode body = answer.body();
        if (body != null) {
            response.putHeader("Content-Type", body.isTextual() ? "text/plain" : "application/json");
        }
        answer.headers().forEach(response::putHeader);
        response.end(body == null ? "" : body.isTextual() ? body.asText() : body.toString());
    }

    private static @Nullable JsonNode parsed(Buffer body) {
        if (body.length() == 0) {
            return null;
        }
        try {
            return Objects.requireNonNullElseGet(JSON.readTree(body.toString()), () -> new TextNode(body.toString()));
        } catch (JsonProcessingException e) {
            return new TextNode(body.toString());
        }
    }

    @Override
    public void close() {
        servers.values()
                .forEach(server ->
                        server.close().toCompletionStage().toCompletableFuture().join());
    }
}
