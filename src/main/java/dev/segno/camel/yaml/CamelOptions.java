package dev.segno.camel.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The options of a component of Camel, from the description that stands beside its class. Immutable.
 *
 * @param names as they are documented, in order
 * @param spellings all that Camel takes, in one spelling: {@link #plain}
 * @param prefixes of options of which there may be any number
 */
record CamelOptions(Set<String> names, Set<String> spellings, Set<String> prefixes) {

    private static final Map<String, Optional<CamelOptions>> KNOWN = new ConcurrentHashMap<>();

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Every endpoint has these, whether its description names them or not. */
    private static final Set<String> OF_EACH = Set.of(
            "exchangePattern", "exceptionHandler", "bridgeErrorHandler", "lazyStartProducer", "autowiredEnabled");

    CamelOptions {
        names = new TreeSet<>(names);
        spellings = Set.copyOf(spellings);
        prefixes = Set.copyOf(prefixes);
    }

    /** Those of a component; empty where there is no description, or where it takes whatever it is given. */
    static Optional<CamelOptions> of(String scheme) {
        return KNOWN.computeIfAbsent(scheme, CamelOptions::read);
    }

    /** Whether every endpoint takes it. */
    static boolean isOfEach(String option) {
        return OF_EACH.contains(option);
    }

    boolean contain(String option) {
        return spellings.contains(plain(option)) || prefixes.stream().anyMatch(option::startsWith);
    }

    private static Optional<CamelOptions> read(String scheme) {
        ClassLoader loader = CamelOptions.class.getClassLoader();
        Properties service = new Properties();
        try (InputStream in = loader.getResourceAsStream("META-INF/services/org/apache/camel/component/" + scheme)) {
            if (in == null) {
                return Optional.empty();
            }
            service.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException("The description of Camel's component " + scheme + " cannot be read", e);
        }
        String type = service.getProperty("class", "");
        String folder = type.substring(0, Math.max(0, type.lastIndexOf('.'))).replace('.', '/');
        try (InputStream in = loader.getResourceAsStream("META-INF/" + folder + '/' + scheme + ".json")) {
            return in == null ? Optional.empty() : of(JSON.readTree(in));
        } catch (IOException e) {
            throw new UncheckedIOException("The description of Camel's component " + scheme + " cannot be read", e);
        }
    }

    private static Optional<CamelOptions> of(JsonNode description) {
        if (description.at("/component/lenientProperties").asBoolean()) {
            return Optional.empty();
        }
        Set<String> names = new TreeSet<>();
        Set<String> spellings = new HashSet<>();
        Set<String> prefixes = new HashSet<>();
        OF_EACH.forEach(name -> spellings.add(plain(name)));
        description.path("properties").fields().forEachRemaining(option -> {
            names.add(option.getKey());
            spellings.add(plain(option.getKey()));
            JsonNode details = option.getValue();
            if (details.has("optionalPrefix")) {
                spellings.add(plain(details.get("optionalPrefix").asText() + option.getKey()));
            }
            if (details.has("prefix")) {
                prefixes.add(details.get("prefix").asText());
            }
        });
        return Optional.of(new CamelOptions(names, spellings, prefixes));
    }

    /** Camel takes {@code time-out} for {@code timeOut}. */
    private static String plain(String option) {
        return option.replace("-", "").toLowerCase(Locale.ROOT);
    }
}
