package dev.segno.camel.service;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a service is called.
 *
 * @param method           HTTP method
 * @param path             below the service's base URL; {@code {name}} stands for the variable or header of that name
 * @param timeout          for one request, from connecting to the last byte of the answer
 * @param tries            requests in all; in a step, whose own tries come on top, those of one try of it
 * @param pause            before the second of them; twice as long before each later one
 * @param retryable        whether another attempt may be made after a failure for which that makes sense
 * @param untilDeadline    whether a request is cut off when its run has to be over
 * @param takesRefusals    whether a 4xx that no other attempt would change is an answer like any other, and no failure
 * @param busyStatus       status by which the peer says that it is busy; 0 for none
 * @param busyPath         path that is asked until the peer is no longer busy; {@code null} to call again at once
 * @param busyField        field of the answer from {@code busyPath} that is true while the peer is busy
 * @param busyTimeout      how long a busy peer, or an open breaker, is waited for before that counts as a failure
 * @param credentialHeader header that carries a credential; {@code null} for none
 * @param credential       name of the setting that holds it, read at each call; {@code null} for none
 * @param bearer           name of the setting with a token for {@code Authorization}; {@code null} for none
 * @param requestHeaders   names of the message's headers that go with the request
 * @param answerHeaders    names of the answer's headers that the message gets
 */
record CallOptions(
        String method,
        String path,
        Duration timeout,
        int tries,
        Duration pause,
        boolean retryable,
        boolean untilDeadline,
        boolean takesRefusals,
        int busyStatus,
        @Nullable String busyPath,
        String busyField,
        Duration busyTimeout,
        @Nullable String credentialHeader,
        @Nullable String credential,
        @Nullable String bearer,
        List<String> requestHeaders,
        List<String> answerHeaders) {

    CallOptions {
        requestHeaders = List.copyOf(requestHeaders);
        answerHeaders = List.copyOf(answerHeaders);
    }

    /** Whether a repeated request does the work twice unless it carries an idempotency key. */
    boolean hasEffect() {
        return !method.equals("GET") && !method.equals("HEAD");
    }
}
