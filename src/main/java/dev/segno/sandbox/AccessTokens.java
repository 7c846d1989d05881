package dev.segno.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** JSON Web Tokens (HS256) of the service hub's identity service, signed with a key that everybody knows. */
final class AccessTokens {

    private static final byte[] DEVELOPMENT_KEY = "segno-sandbox-development-key".getBytes(StandardCharsets.UTF_8);
    private static final String HEADER = "{\"alg\":\"HS256\",\"typ\":\"JWT\"}";

    private final Clock clock;

    AccessTokens(Clock clock) {
        this.clock = clock;
    }

    /**
     * A new token.
     *
     * @param use     {@code access} or {@code refresh}
     * @param seconds how long it is good; one that is not positive is over already
     */
    String issue(String user, String use, int seconds) {
        String claims = Json.object()
                .put("sub", user)
                .put("use", use)
                .put("exp", clock.instant().getEpochSecond() + seconds)
                .toString();
        String content = encoded(HEADER) + '.' + encoded(claims);
        return content + '.' + signature(content);
    }

    /** Whose token it is; empty if it is none of this use, or over. */
    Optional<String> userOf(String token, String use) {
        String[] parts = token.split("\\.", -1);
        if (parts.length != 3 || !signature(parts[0] + '.' + parts[1]).equals(parts[2])) {
            return Optional.empty();
        }
        JsonNode claims = Json.read(Base64.getUrlDecoder().decode(parts[1]));
        boolean good = claims.path("use").asText().equals(use)
                && claims.path("exp").asLong() > clock.instant().getEpochSecond();
        return good ? Optional.of(claims.path("sub").asText()) : Optional.empty();
    }

    /** Whose access token the request carries; empty if it carries none, or one that is not good. */
    Optional<String> userOf(Request request) {
        @Nullable String header = request.header("authorization");
        return header != null && header.startsWith("Bearer ")
                ? userOf(header.substring("Bearer ".length()), "access")
                : Optional.empty();
    }

    private static String encoded(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String signature(String content) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(DEVELOPMENT_KEY, "HmacSHA256"));
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(mac.doFinal(content.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has HMAC-SHA256", e);
        }
    }
}
