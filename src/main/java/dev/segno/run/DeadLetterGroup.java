package dev.segno.run;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Parked and blocked runs that came to stand in the same way: same orchestration, same step of the file, same class of
 * error, and a message that differs in numbers and ids at most.
 *
 * @param id            made of the four that follow, the same at any time and on every node
 * @param orchestration theirs
 * @param step          key of the step without the indexes of its containers; {@code null} outside of any
 * @param errorType     class of the error, without its package
 * @param message       of the error; what differs is {@code #}
 * @param count         how many there are
 * @param oldest        when the first of them came to stand
 * @param newest        when the last of them came to stand
 * @param examples      ids of a few of them
 */
public record DeadLetterGroup(
        String id,
        String orchestration,
        @Nullable String step,
        String errorType,
        String message,
        long count,
        Instant oldest,
        Instant newest,
        List<String> examples) {

    private static final int MOST_EXAMPLES = 5;
    private static final int READ_CHARACTERS = 2_000;
    private static final int SHOWN_CHARACTERS = 300;

    private static final Pattern INDEX = Pattern.compile("\\[\\d+]");
    private static final Pattern SPACE = Pattern.compile("\\s+");

    /** UUIDs, ULIDs, hexadecimal ids that hold a digit, and numbers with a point or without one. */
    private static final Pattern DIFFERING =
            Pattern.compile("\\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\\b"
                    + "|\\b[0-9A-HJKMNP-TV-Z]{26}\\b"
                    + "|\\b(?=[a-fA-F]{0,63}\\d)[0-9a-fA-F]{8,64}\\b"
                    + "|\\d+(?:\\.\\d+)*");

    static DeadLetterGroup of(DeadLetterCause cause) {
        StepError error = cause.error();
        String step = error.step() == null ? null : INDEX.matcher(error.step()).replaceAll("[]");
        String type = error.type().substring(error.type().lastIndexOf('.') + 1);
        String message = normalised(error.message());
        return new DeadLetterGroup(
                idOf(cause.orchestration(), step == null ? "" : step, type, message),
                cause.orchestration(),
                step,
                type,
                message,
                cause.count(),
                cause.oldest(),
                cause.newest(),
                cause.firstId().equals(cause.lastId())
                        ? List.of(cause.lastId())
                        : List.of(cause.lastId(), cause.firstId()));
    }

    /** This group and another part of the same one. */
    DeadLetterGroup and(DeadLetterGroup other) {
        List<String> both = Stream.concat(examples.stream(), other.examples.stream())
                .sorted(Comparator.reverseOrder())
                .limit(MOST_EXAMPLES)
                .toList();
        return new DeadLetterGroup(
                id,
                orchestration,
                step,
                errorType,
                message,
                count + other.count,
                oldest.isBefore(other.oldest) ? oldest : other.oldest,
                newest.isAfter(other.newest) ? newest : other.newest,
                both);
    }

    /** A message without what differs from run to run. */
    static String normalised(String message) {
        String read = message.length() > READ_CHARACTERS ? message.substring(0, READ_CHARACTERS) : message;
        String same = DIFFERING.matcher(SPACE.matcher(read).replaceAll(" ")).replaceAll("#");
        return same.length() > SHOWN_CHARACTERS ? same.substring(0, SHOWN_CHARACTERS) : same;
    }

    private static String idOf(String... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String part : parts) {
                digest.update(part.getBytes(StandardCharsets.UTF_8));
                digest.update((byte) 0);
            }
            return HexFormat.of().formatHex(digest.digest(), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }
}
