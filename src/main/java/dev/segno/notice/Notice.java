package dev.segno.notice;

import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One message to one recipient by one channel.
 *
 * @param id         number in the log, in the order in which notices began; 0 before it is there
 * @param key        what makes it this message and no other, the same on each attempt
 * @param about      id of what it is about, such as a booking
 * @param channel    how it goes, such as {@code email}
 * @param template   which text it has, such as {@code reminder}
 * @param attempts   how often it was tried
 * @param providerId id that the receiving system gave it
 * @param error      why it failed the last time
 * @param changedAt  when that was written
 */
public record Notice(
        long id,
        String key,
        String about,
        String channel,
        String template,
        Status status,
        int attempts,
        Recipient recipient,
        @Nullable String text,
        @Nullable String providerId,
        @Nullable String error,
        Instant changedAt) {

    /** What became of it. */
    public enum Status {
        /** It is being sent, or nobody said by which channel it could be. */
        PENDING,
        SENT,
        /** Its tries are used up. */
        FAILED;

        /** The word for it in JSON. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** @throws IllegalArgumentException when there is no status of that name, with a text for the caller */
        public static Status of(String word) {
            for (Status status : values()) {
                if (status.word().equals(word)) {
                    return status;
                }
            }
            throw new IllegalArgumentException("A notice is pending, sent or failed, not '" + word + "'");
        }
    }

    /** Who is told. */
    public record Recipient(
            @Nullable String name,
            @Nullable String contact,
            @Nullable String email) {}
}
