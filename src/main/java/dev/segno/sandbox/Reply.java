package dev.segno.sandbox;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Clock;

/** The way back to one caller, who may have hung up meanwhile; what is sent is noted in the call's record. */
final class Reply {

    private static final String CORRELATION_ID = "X-Correlation-ID";

    private final HttpServerRequest request;
    private final Call call;
    private final Clock clock;

    Reply(HttpServerRequest request, Call call, Clock clock) {
        this.request = request;
        this.call = call;
        this.clock = clock;
    }

    void send(Answer answer) {
        HttpServerResponse response = request.response();
        call.answered(answer.status(), !response.closed(), clock.instant());
        String correlation = request.getHeader(CORRELATION_ID);
        if (correlation != null && !response.closed()) {
            response.putHeader(CORRELATION_ID, correlation);
        }
        write(response, answer);
    }

    /** Closes the connection without an answer. */
    void drop() {
        call.dropped(clock.instant());
        request.connection().close();
    }

    static void write(HttpServerResponse response, Answer answer) {
        if (response.closed()) {
            return;
        }
        response.setStatusCode(answer.status()).putHeader("Content-Type", answer.contentType());
        answer.headers().forEach(response::putHeader);
        response.end(Buffer.buffer(answer.body()));
    }
}
