package dev.segno.camel;

import dev.segno.run.Attributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.StreamCache;
import org.jspecify.annotations.Nullable;

/**
 * What an exchange held when a step began: the state that another try starts from, and against which the step's changes
 * are recorded.
 */
final class ExchangeState {

    // Names of the parts in a recorded document of changes. They are stored; they must not change.
    private static final String HEADERS = "headers";
    private static final String VARIABLES = "variables";
    private static final String PROPERTIES = "properties";
    private static final String SET = "set";
    private static final String REMOVED = "removed";
    private static final String STOP = "stop";
    private static final String CALLS = "calls";

    /**
     * A value and, for those that can change inside, what it looked like.
     *
     * @param hash of a map's or list's content; 0 for others
     */
    private record Seen(@Nullable Object value, int hash) {
        static Seen of(@Nullable Object value) {
            return new Seen(value, hashOf(value));
        }

        private static int hashOf(@Nullable Object value) {
            return value instanceof Map || value instanceof List ? value.hashCode() : 0;
        }

        boolean isSame(@Nullable Object now) {
            if (value != now) {
                return value != null && !(value instanceof Map) && !(value instanceof List) && value.equals(now);
            }
            return hash == hashOf(now);
        }
    }

    private final @Nullable Object body;
    private final Map<String, Seen> headers;
    private final Map<String, Seen> variables;
    private final Map<String, Seen> properties;

    private ExchangeState(
            @Nullable Object body,
            Map<String, Seen> headers,
            Map<String, Seen> variables,
            Map<String, Seen> properties) {
        this.body = body;
        this.headers = headers;
        this.variables = variables;
        this.properties = properties;
    }

    static ExchangeState of(Exchange exchange) {
        return new ExchangeState(
                exchange.getMessage().getBody(),
                exchange.getMessage().hasHeaders() ? seen(exchange.getMessage().getHeaders()) : Map.of(),
                exchange.hasVariables() ? seen(exchange.getVariables()) : Map.of(),
                seenProperties(exchange));
    }

    /** Puts the exchange back to this state, for another try. */
    void restoreTo(Exchange exchange) {
        exchange.setException(null);
        exchange.setRollbackOnly(false);
        exchange.setRouteStop(false);
        exchange.getExchangeExtension().setFailureHandled(false);
        exchange.getExchangeExtension().setRedeliveryExhausted(false);
        exchange.getExchangeExtension().setErrorHandlerHandled(null);
        if (body instanceof StreamCache stream) {
            stream.reset();
        }
        exchange.getMessage().setBody(body);
        exchange.getMessage().getHeaders().clear();
        headers.forEach((name, seen) -> exchange.getMessage().setHeader(name, seen.value()));
        exchange.getVariables().keySet().retainAll(variables.keySet());
        variables.forEach((name, seen) -> exchange.setVariable(name, seen.value()));
        for (String name : List.copyOf(exchange.getProperties().keySet())) {
            if (isOfUser(name) && !properties.containsKey(name)) {
                exchange.removeProperty(name);
            }
        }
        properties.forEach((name, seen) -> exchange.setProperty(name, seen.value()));
    }

    /** Hands on the {@code run.} variables, and that those are gone which were there. */
    void publishAttributes(Exchange exchange, Attributes attributes) {
        for (String name : variables.keySet()) {
            if (name.startsWith(Attributes.PREFIX) && exchange.getVariable(name) == null) {
                attributes.set(name.substring(Attributes.PREFIX.length()), null);
            }
        }
        if (!exchange.hasVariables()) {
            return;
        }
        exchange.getVariables().forEach((name, value) -> {
            if (name.startsWith(Attributes.PREFIX)) {
                attributes.set(
                        name.substring(Attributes.PREFIX.length()), Json.isWritable(value) ? Json.plain(value) : null);
            }
        });
    }

    /**
     * What the step changed, as JSON; null when it changed nothing. Values that read back differently are replaced in
     * the exchange, so that the first execution sees what a replay will see.
     *
     * @param calls that the step has made, which stand beside the changes and are not applied
     * @throws IllegalArgumentException when a variable holds what cannot be recorded
     */
    @Nullable
    String changesIn(Exchange exchange, List<Map<String, Object>> calls) {
        Map<String, Object> changes = new LinkedHashMap<>();
        if (exchange.getMessage().hasHeaders() || !headers.isEmpty()) {
            put(changes, HEADERS, changed(headers, exchange.getMessage().getHeaders(), Unrecordable.DROP, "header"));
        }
        if (exchange.hasVariables() || !variables.isEmpty()) {
            put(changes, VARIABLES, changed(variables, exchange.getVariables(), Unrecordable.REFUSE, "variable"));
        }
        put(changes, PROPERTIES, changed(properties, propertiesOf(exchange), Unrecordable.REFUSE, "property"));
        if (exchange.isRouteStop()) {
            changes.put(STOP, true);
        }
        if (!calls.isEmpty()) {
            changes.put(CALLS, calls);
        }
        return changes.isEmpty() ? null : Json.text(changes);
    }

    /** The user's properties that are as they were, or can be recorded. */
    private Map<String, Object> propertiesOf(Exchange exchange) {
        Map<String, Object> now = new HashMap<>();
        exchange.getProperties().forEach((name, value) -> {
            if (isOfUser(name)) {
                Seen seen = properties.get(name);
                if ((seen != null && seen.value() == value) || Json.isWritable(value)) {
                    now.put(name, value);
                }
            }
        });
        return now;
    }

    /** Applies recorded changes to an exchange. */
    static void applyChanges(Exchange exchange, @Nullable String changes) {
        if (changes == null) {
            return;
        }
        Map<String, @Nullable Object> document = Json.readObject(changes);
        Map<String, Object> ofHeaders = part(document, HEADERS);
        part(ofHeaders, SET).forEach(exchange.getMessage()::setHeader);
        removed(ofHeaders).forEach(exchange.getMessage()::removeHeader);
        Map<String, Object> ofVariables = part(document, VARIABLES);
        part(ofVariables, SET).forEach(exchange::setVariable);
        removed(ofVariables).forEach(exchange::removeVariable);
        Map<String, Object> ofProperties = part(document, PROPERTIES);
        part(ofProperties, SET).forEach(exchange::setProperty);
        removed(ofProperties).forEach(exchange::removeProperty);
        if (Boolean.TRUE.equals(document.get(STOP))) {
            exchange.setRouteStop(true);
        }
    }

    private enum Unrecordable {
        DROP,
        REFUSE
    }

    private static Map<String, Object> changed(
            Map<String, Seen> before, Map<String, Object> now, Unrecordable otherwise, String what) {
        Map<String, @Nullable Object> set = new LinkedHashMap<>();
        List<String> removed = new ArrayList<>();
        List<String> dropped = new ArrayList<>();
        for (Map.Entry<String, Object> entry : now.entrySet()) {
            String name = entry.getKey();
            Object value = entry.getValue();
            Seen seen = before.get(name);
            if (seen != null && seen.isSame(value)) {
                continue;
            }
            if (Json.isWritable(value)) {
                Object plain = Json.plain(value);
                entry.setValue(plain);
                set.put(name, plain);
            } else if (otherwise == Unrecordable.DROP) {
                dropped.add(name);
            } else {
                throw new IllegalArgumentException("The " + what + " '" + name + "' holds a "
                        + value.getClass().getName() + ", which cannot be recorded; make it a string or JSON");
            }
        }
        for (String name : before.keySet()) {
            if (!now.containsKey(name)) {
                removed.add(name);
            }
        }
        dropped.forEach(now::remove);
        Map<String, Object> changes = new LinkedHashMap<>();
        if (!set.isEmpty()) {
            changes.put(SET, set);
        }
        if (!removed.isEmpty()) {
            changes.put(REMOVED, removed);
        }
        return changes;
    }

    private static void put(Map<String, Object> changes, String name, Map<String, Object> part) {
        if (!part.isEmpty()) {
            changes.put(name, part);
        }
    }

    @SuppressWarnings("unchecked") // read from a document that this class wrote
    private static Map<String, Object> part(Map<String, ? extends @Nullable Object> document, String name) {
        Object part = document.get(name);
        return part == null ? Map.of() : (Map<String, Object>) part;
    }

    @SuppressWarnings("unchecked") // read from a document that this class wrote
    private static List<String> removed(Map<String, Object> part) {
        Object names = part.get(REMOVED);
        return names == null ? List.of() : (List<String>) names;
    }

    private static Map<String, Seen> seen(Map<String, Object> values) {
        Map<String, Seen> seen = new HashMap<>();
        values.forEach((name, value) -> seen.put(name, Seen.of(value)));
        return seen;
    }

    private static Map<String, Seen> seenProperties(Exchange exchange) {
        Map<String, Seen> seen = new HashMap<>();
        exchange.getProperties().forEach((name, value) -> {
            if (isOfUser(name)) {
                seen.put(name, Seen.of(value));
            }
        });
        return seen;
    }

    static boolean isOfUser(String property) {
        return !property.startsWith("Camel") && !property.startsWith("Segno");
    }
}
