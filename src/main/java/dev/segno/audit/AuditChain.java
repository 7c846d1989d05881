package dev.segno.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The hashes that bind the entries of the record together: each is the SHA-256 of the entry as JSON, in one fixed form, which
 * holds the hash of the entry before. Who changes an entry has to change all behind it, and then the newest hash is not the
 * one that was written down elsewhere.
 *
 * <p>The form: no spaces; the members {@code sequence, at, caller, address, action, target, requestId, result, before, after,
 * reason, previous} in this order, also those that are null; {@code at} in microseconds since 1970; UTF-8.
 *
 * <p>Walks the entries in their order to verify them; not safe for use by several threads.
 */
public final class AuditChain {

    /** What stands where the first entry of a chain has no other before it. */
    public static final String START = "0".repeat(64);

    private static final ObjectMapper JSON = new ObjectMapper();

    private long entries;
    private long unchained;
    private @Nullable Head head;
    private @Nullable Head expected;
    private boolean met;

    /**
     * Where a chain ends.
     *
     * @param sequence of its newest entry
     * @param hash     of it
     */
    public record Head(long sequence, String hash) {

        /** Reads {@code sequence:hash}, as {@link #toString} writes it. */
        public static Optional<Head> parse(String text) {
            return text.matches("\\d{1,18}:[0-9a-f]{64}")
                    ? Optional.of(new Head(
                            Long.parseLong(text.substring(0, text.indexOf(':'))),
                            text.substring(text.indexOf(':') + 1)))
                    : Optional.empty();
        }

        @Override
        public String toString() {
            return sequence + ":" + hash;
        }
    }

    /** @param expected a head that was written down before, which the chain must still hold; null for none */
    public AuditChain(@Nullable Head expected) {
        this.expected = expected;
    }

    /** The hash of an entry behind one of another hash. */
    public static String hash(AuditEntry entry, String previous) {
        ObjectNode form = JsonNodeFactory.instance.objectNode();
        form.put("sequence", entry.sequence());
        form.put("at", ChronoUnit.MICROS.between(java.time.Instant.EPOCH, entry.at()));
        form.put("caller", entry.act().caller());
        form.put("address", entry.act().address());
        form.put("action", entry.act().action());
        form.put("target", entry.act().target());
        form.put("requestId", entry.act().requestId());
        form.put("result", entry.result().name());
        form.put("before", entry.before());
        form.put("after", entry.after());
        form.put("reason", entry.reason());
        form.put("previous", previous);
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of()
                    .formatHex(digest.digest(JSON.writeValueAsString(form).getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("text and numbers are JSON", e);
        }
    }

    /**
     * Looks at the next entry.
     *
     * @return what is wrong with it, or empty
     */
    public Optional<String> add(AuditEntry entry) {
        entries++;
        if (entry.sequence() != entries) {
            return Optional.of("entry " + entries + " is missing");
        }
        if (entry.hash() == null) {
            if (head != null) {
                return Optional.of("entry " + entry.sequence() + " has no hash");
            }
            unchained++;
            return Optional.empty();
        }
        String hash = hash(entry, head == null ? START : head.hash());
        if (!hash.equals(entry.hash())) {
            return Optional.of("entry " + entry.sequence() + " was changed, or one before it was taken away");
        }
        head = new Head(entry.sequence(), hash);
        if (expected != null && expected.sequence() == entry.sequence()) {
            if (!expected.hash().equals(hash)) {
                return Optional.of("entry " + entry.sequence() + " is another one than when its hash was written down");
            }
            met = true;
        }
        return Optional.empty();
    }

    /** Says that there are no more entries; what is wrong with that, or empty. */
    public Optional<String> end() {
        return expected == null || met
                ? Optional.empty()
                : Optional.of("entry " + (entries + 1) + " is missing: the record ends before entry "
                        + expected.sequence() + ", whose hash was written down");
    }

    /** How many entries were looked at. */
    public long entries() {
        return entries;
    }

    /** How many of them are older than the chain, and have no hash. */
    public long unchained() {
        return unchained;
    }

    /** Where the chain ends, if it has begun. */
    public Optional<Head> head() {
        return Optional.ofNullable(head);
    }
}
