package dev.segno.redis;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Function;

/**
 * Where the server is: {@code SEGNO_REDIS_URL}, or {@code REDIS_HOST} with {@code REDIS_PORT} (6379). {@code REDIS_PASSWORD} (and
 * {@code REDIS_USERNAME}) go with either.
 *
 * @param url    with credentials, for the client alone
 * @param shown  without them, for people
 */
record RedisAddress(String url, String shown) {

    static final int DEFAULT_PORT = 6379;

    /**
     * The address that the settings give, if any.
     *
     * @throws IllegalArgumentException when one of them is not valid; its message is one line
     */
    static Optional<RedisAddress> from(Function<String, Optional<String>> settings) {
        Optional<String> url = settings.apply("segno.redis.url");
        if (url.isPresent()) {
            return Optional.of(of(uri(url.get()), settings));
        }
        return settings.apply("redis.host").map(host -> {
            String name = host.contains(":") && !host.startsWith("[") ? '[' + host + ']' : host;
            return of(uri("redis://" + name + ':' + port(settings)), settings);
        });
    }

    private static URI uri(String text) {
        try {
            URI uri = new URI(text);
            boolean known = "redis".equals(uri.getScheme()) || "rediss".equals(uri.getScheme());
            if (known && uri.getHost() != null) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // Answered below. The text is not repeated: it may hold a password.
        }
        throw new IllegalArgumentException(
                "setting SEGNO_REDIS_URL or REDIS_HOST is no address of a Redis server; write"
                        + " redis://host:6379, rediss://host:6379 with TLS, or a host's name");
    }

    private static int port(Function<String, Optional<String>> settings) {
        String text = settings.apply("redis.port").orElse(String.valueOf(DEFAULT_PORT));
        if (text.matches("\\d{1,5}")) {
            int port = Integer.parseInt(text);
            if (port >= 1 && port <= 65_535) {
                return port;
            }
        }
        throw new IllegalArgumentException(
                "setting REDIS_PORT must be a whole number from 1 to 65535, not \"" + text + "\"");
    }

    private static RedisAddress of(URI uri, Function<String, Optional<String>> settings) {
        int port = uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort();
        String path = uri.getRawPath() == null ? "" : uri.getRawPath();
        String place = uri.getHost() + ':' + port + path;
        String credentials = settings.apply("redis.password")
                .map(password -> encoded(settings.apply("redis.username").orElse("")) + ':' + encoded(password))
                .or(() -> Optional.ofNullable(uri.getRawUserInfo()))
                .map(info -> info + '@')
                .orElse("");
        return new RedisAddress(uri.getScheme() + "://" + credentials + place, uri.getScheme() + "://" + place);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    boolean isEncrypted() {
        return url.startsWith("rediss:");
    }

    /** Without the credentials. */
    @Override
    public String toString() {
        return shown;
    }
}
