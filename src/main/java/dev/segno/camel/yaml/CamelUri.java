package dev.segno.camel.yaml;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A Camel endpoint as it is written: URI text and parameters, nothing resolved and nothing decoded.
 *
 * @param text the URI as it stands in the file
 * @param scheme the component's name, what Camel would take for it; may hold placeholders
 * @param path what stands between scheme and query, without the two slashes that Camel leaves out
 * @param options those of the query, then those of {@code parameters}, which win; unmodifiable
 */
public record CamelUri(String text, String scheme, String path, Map<String, String> options) {

    public CamelUri {
        options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
    }

    /** Takes a URI apart. */
    public static CamelUri of(String text) {
        return of(text, null);
    }

    /** Takes a URI apart that has parameters beside it. */
    public static CamelUri of(String text, @Nullable YamlMapping parameters) {
        String trimmed = text.strip();
        int query = outsideBraces(trimmed, '?');
        String address = query < 0 ? trimmed : trimmed.substring(0, query);
        int colon = outsideBraces(address, ':');
        String scheme = colon < 0 ? address : address.substring(0, colon);
        String path = colon < 0 ? "" : address.substring(colon + 1);
        if (path.startsWith("//")) {
            path = path.substring(2);
        }
        Map<String, String> options = new LinkedHashMap<>();
        if (query >= 0) {
            query(trimmed.substring(query + 1), options);
        }
        if (parameters != null) {
            parameters.entries().forEach((name, entry) -> {
                if (entry.value() instanceof YamlScalar value) {
                    options.put(name, value.text());
                }
            });
        }
        return new CamelUri(text, scheme, path, options);
    }

    /** The path, or the option {@code name} where the address is a bare component with parameters. */
    public String name() {
        String name = option("name");
        return path.isEmpty() && name != null ? name : path;
    }

    /** Whether options, and not only their values, come from placeholders or the exchange. */
    boolean optionsAreComputed() {
        int query = outsideBraces(text, '?');
        return query >= 0
                && Arrays.stream(text.substring(query + 1).split("&"))
                        .map(option -> option.split("=", 2)[0])
                        .anyMatch(name -> name.indexOf('{') >= 0);
    }

    /** An option's value, or null. */
    public @Nullable String option(String name) {
        return options.get(name);
    }

    /** The first place of a character that belongs to the URI itself, and not to a placeholder or an expression in it. */
    private static int outsideBraces(String text, char wanted) {
        int depth = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '{') {
                depth++;
            } else if (c == '}') {
                depth = Math.max(0, depth - 1);
            } else if (c == wanted && depth == 0) {
                return i;
            }
        }
        return -1;
    }

    private static void query(String query, Map<String, String> options) {
        String rest = query;
        while (!rest.isEmpty()) {
            int end = endOfOption(rest);
            String option = rest.substring(0, end);
            rest = end < rest.length() ? rest.substring(end + 1) : "";
            int equals = option.indexOf('=');
            if (equals > 0) {
                options.put(option.substring(0, equals), option.substring(equals + 1));
            }
        }
    }

    /** An ampersand inside RAW(…) or RAW{…} does not end an option. */
    private static int endOfOption(String query) {
        int equals = query.indexOf('=');
        int ampersand = query.indexOf('&');
        if (equals >= 0 && (ampersand < 0 || equals < ampersand)) {
            String value = query.substring(equals + 1);
            String closing = value.startsWith("RAW(") ? ")" : value.startsWith("RAW{") ? "}" : null;
            if (closing != null) {
                int close = query.indexOf(closing + "&", equals);
                return close < 0 ? query.length() : close + 1;
            }
        }
        return ampersand < 0 ? query.length() : ampersand;
    }

    /** The URI as it stands in the file. */
    @Override
    public String toString() {
        return text;
    }
}
