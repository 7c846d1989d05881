package dev.segno.secret;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Puts values under seal: what goes on is a reference that says nothing of the value, which is kept encrypted (AES-GCM, NIST
 * SP 800-38D) and no longer than {@link #KEPT_FOR}. Thread-safe.
 */
public final class Seal {

    /** How long a value is kept that nobody drops. */
    public static final Duration KEPT_FOR = Duration.ofHours(24);

    /** How long the secret is, in bytes. */
    public static final int SECRET_BYTES = 32;

    private static final String PREFIX = "sealed:";
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final SealedValues values;
    private final Supplier<byte[]> secret;
    private final Clock clock;
    private byte @Nullable [] key;

    /**
     * @param secret {@link #SECRET_BYTES} bytes, always the same; asked for when it is needed first
     */
    public Seal(SealedValues values, Supplier<byte[]> secret, Clock clock) {
        this.values = values;
        this.secret = secret;
        this.clock = clock;
    }

    /** Whether a text is a reference. */
    public static boolean isReference(@Nullable Object text) {
        return text instanceof String reference && reference.startsWith(PREFIX);
    }

    /**
     * Puts a value under seal.
     *
     * @param scope the same value gets the same reference in it, so that a request that is repeated is the same request;
     *              null for a reference of its own
     * @return the reference, when the value is on disk
     */
    public CompletableFuture<String> seal(@Nullable String scope, String value) {
        byte[] nonce = new byte[NONCE_BYTES];
        new SecureRandom().nextBytes(nonce);
        String reference = PREFIX
                + (scope == null
                        ? HexFormat.of().formatHex(nonce)
                        : HexFormat.of().formatHex(digest(scope + '\0' + value), 0, 16));
        String kept = Base64.getEncoder().encodeToString(join(nonce, encrypt(nonce, reference, value)));
        CompletableFuture<Void> forgotten = values.forget(clock.instant().minus(KEPT_FOR));
        return forgotten
                .thenCompose(done -> values.keep(reference, kept, clock.instant()))
                .thenApply(done -> reference);
    }

    /** The value behind a reference; empty when it is gone. Blocks. */
    public Optional<String> open(String reference) {
        return values.find(reference).map(kept -> {
            ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(kept));
            byte[] nonce = new byte[NONCE_BYTES];
            bytes.get(nonce);
            byte[] rest = new byte[bytes.remaining()];
            bytes.get(rest);
            return decrypt(nonce, reference, rest);
        });
    }

    /** Deletes the value behind a reference. */
    public CompletableFuture<Void> drop(String reference) {
        return values.drop(reference);
    }

    private synchronized byte[] key() {
        byte[] known = key;
        if (known == null) {
            known = secret.get();
            key = known;
        }
        return known;
    }

    private byte[] digest(String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key(), "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has HMAC-SHA256", e);
        }
    }

    private byte[] encrypt(byte[] nonce, String reference, String value) {
        try {
            return cipher(Cipher.ENCRYPT_MODE, nonce, reference).doFinal(value.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has AES-GCM", e);
        }
    }

    private String decrypt(byte[] nonce, String reference, byte[] kept) {
        try {
            return new String(cipher(Cipher.DECRYPT_MODE, nonce, reference).doFinal(kept), StandardCharsets.UTF_8);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(
                    "A sealed value cannot be opened: it was sealed with another secret, or changed since", e);
        }
    }

    private Cipher cipher(int mode, byte[] nonce, String reference) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(key(), "AES"), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(reference.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }

    private static byte[] join(byte[] first, byte[] second) {
        return ByteBuffer.allocate(first.length + second.length)
                .put(first)
                .put(second)
                .array();
    }
}
