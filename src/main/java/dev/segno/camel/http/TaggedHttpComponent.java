package dev.segno.camel.http;

import java.util.Map;
import java.util.regex.Pattern;
import org.apache.camel.Endpoint;
import org.apache.camel.component.platform.http.PlatformHttpComponent;

/**
 * Camel's {@code platform-http}, but for a tag at the end of a path, as in {@code /sync@3f2a…}: it makes an endpoint of
 * its own for the same path, so that a new version of a route can stand on it before the old one leaves.
 */
final class TaggedHttpComponent extends PlatformHttpComponent {

    private static final Pattern TAG = Pattern.compile("@[0-9a-f]{16}(-[0-9]+)?/?$");

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        return super.createEndpoint(uri, TAG.matcher(remaining).replaceFirst(""), parameters);
    }
}
