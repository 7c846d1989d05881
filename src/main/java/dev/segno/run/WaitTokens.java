package dev.segno.run;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Tokens for those who may send one signal and nothing else: into one run, at one place where it waits. A token is the
 * run's id and 128 bits of an HMAC-SHA256 over that and the address of the wait; it is not kept anywhere, and is worth
 * nothing before the run waits there and after. Thread-safe.
 */
public final class WaitTokens {

    /** Fewest bytes of a secret. */
    public static final int SECRET_BYTES = 32;

    private static final String ALGORITHM = "HmacSHA256";
    private static final int MAC_BYTES = 16;

    private final SecretKeySpec secret;

    /**
     * @param secret at least {@link #SECRET_BYTES} random bytes, the same for all nodes and after each start
     * @throws IllegalArgumentException when it is shorter
     */
    public WaitTokens(byte[] secret) {
        if (secret.length < SECRET_BYTES) {
            throw new IllegalArgumentException(
                    "The secret of signal tokens has " + secret.length + " bytes; it needs at least " + SECRET_BYTES);
        }
        this.secret = new SecretKeySpec(secret.clone(), ALGORITHM);
    }

    /** The token with which {@code runId} can be signalled while it waits at {@code key}. */
    public String of(String runId, StepKey key) {
        return runId + '.' + Base64.getUrlEncoder().withoutPadding().encodeToString(mac(runId, key));
    }

    /** The run that a token claims to be for. */
    public static Optional<String> runOf(String token) {
        int dot = token.indexOf('.');
        return dot <= 0 ? Optional.empty() : Optional.of(token.substring(0, dot));
    }

    /** Whether a token is that of this wait. Takes the same time for all that are not. */
    public boolean matches(String token, String runId, StepKey key) {
        return MessageDigest.isEqual(
                token.getBytes(StandardCharsets.UTF_8), of(runId, key).getBytes(StandardCharsets.UTF_8));
    }

    private byte[] mac(String runId, StepKey key) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(secret);
            byte[] whole = mac.doFinal((runId + '/' + key.path()).getBytes(StandardCharsets.UTF_8));
            return Arrays.copyOf(whole, MAC_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every JDK has " + ALGORITHM, e);
        }
    }
}
