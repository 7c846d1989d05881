package dev.segno.trace;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A call of a service that failed, read from the message of its error: that is all that is recorded of it.
 *
 * @param status of the answer; empty when there was none
 * @param late   whether no answer came in time
 */
public record FailedCall(String service, String method, String path, OptionalInt status, boolean late) {

    private static final Pattern MESSAGE =
            Pattern.compile("Service '([^']{1,200})' \\(([A-Z]{1,10}) ([^\\s)]*)\\)(.*)", Pattern.DOTALL);

    private static final Pattern STATUS = Pattern.compile(" answered (\\d{3})\\b.*", Pattern.DOTALL);

    /** The call that a message tells of; empty when it tells of something else. */
    public static Optional<FailedCall> of(String message) {
        Matcher call = MESSAGE.matcher(message);
        if (!call.matches()) {
            return Optional.empty();
        }
        Matcher status = STATUS.matcher(call.group(4));
        return Optional.of(new FailedCall(
                call.group(1),
                call.group(2),
                call.group(3).replaceFirst("[?#].*", ""),
                status.matches() ? OptionalInt.of(Integer.parseInt(status.group(1))) : OptionalInt.empty(),
                call.group(4).contains("No complete answer within")));
    }
}
