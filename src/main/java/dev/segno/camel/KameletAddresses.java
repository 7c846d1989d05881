package dev.segno.camel;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.camel.Endpoint;
import org.apache.camel.component.kamelet.KameletComponent;

/**
 * Camel's kamelets, whose options are taken as they are written. Camel encodes an address that {@code toD} computes, and hands
 * it on so: a path would come to the kamelet as {@code %2Forders}.
 */
final class KameletAddresses extends KameletComponent {

    static final String SCHEME = "kamelet";

    /** Of what a text consists that Camel has encoded: a plus in it stands for a blank. */
    private static final Pattern IS_ENCODED = Pattern.compile("(?:[A-Za-z0-9.*_+-]|%[0-9A-Fa-f]{2})*");

    /** How an address begins that Camel has encoded. */
    private static final String ENCODED = SCHEME + "://";

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        if (uri.startsWith(ENCODED)) {
            parameters.replaceAll((name, value) -> value instanceof String text ? decoded(text) : value);
        }
        return super.createEndpoint(uri, remaining, parameters);
    }

    private static String decoded(String text) {
        return IS_ENCODED.matcher(text).matches() ? URLDecoder.decode(text, StandardCharsets.UTF_8) : text;
    }
}
