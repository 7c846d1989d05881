package dev.segno.camel.yaml;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds every place of a tree that names an endpoint, whichever of the DSL's forms it takes. */
final class EndpointFinder {

    /** Keys whose plain text is an endpoint. */
    private static final Set<String> SHORT_FORMS =
            Set.of("to", "toD", "poll", "wireTap", "from", "compensation", "completion", "deadLetterUri", "afterUri");

    /** EIPs whose expression yields endpoints. */
    private static final Set<String> COMPUTING =
            Set.of("enrich", "pollEnrich", "recipientList", "routingSlip", "dynamicRouter");

    /** Their {@code uri} is a pattern over the endpoints of others. */
    private static final Set<String> PATTERNS = Set.of("interceptFrom", "interceptSendToEndpoint");

    /** They hold values of options and texts for people. */
    private static final Set<String> NO_ENDPOINTS = Set.of("parameters", "description", "note");

    /** Languages whose text is, but for its functions, what it yields. */
    private static final Set<String> LITERAL_LANGUAGES = Set.of("simple", "constant");

    private EndpointFinder() {}

    /** The endpoints that a node and all below it name, in the file's order. */
    static List<EndpointUse> in(YamlNode node) {
        return in("", node);
    }

    /** As {@link #in(YamlNode)}, for what stands under a key. */
    static List<EndpointUse> in(String key, YamlNode node) {
        List<EndpointUse> found = new ArrayList<>();
        visit(key, node, true, found);
        return found;
    }

    /** As {@link #in(String, YamlNode)}, without the nested {@code steps}: the endpoints of one EIP alone. */
    static List<EndpointUse> ofOne(String key, YamlNode node) {
        List<EndpointUse> found = new ArrayList<>();
        visit(key, node, false, found);
        return found;
    }

    private static void visit(String key, YamlNode node, boolean deep, List<EndpointUse> found) {
        if (NO_ENDPOINTS.contains(key) || (!deep && key.equals("steps"))) {
            return;
        }
        if (node instanceof YamlScalar scalar) {
            if (SHORT_FORMS.contains(key)) {
                add(scalar.text(), null, roleOf(key), scalar, found);
            } else if (key.equals("kamelet")) {
                add("kamelet:" + scalar.text(), null, EndpointUse.Role.PRODUCER, scalar, found);
            }
        } else if (node instanceof YamlSequence sequence) {
            sequence.items().forEach(item -> visit(key, item, deep, found));
        } else if (node instanceof YamlMapping mapping) {
            if (COMPUTING.contains(key)) {
                computed(key, mapping, found);
            }
            if (mapping.get("uri") instanceof YamlScalar uri && !PATTERNS.contains(key)) {
                add(uri.text(), mapping.mapping("parameters"), roleOf(key), uri, found);
            }
            if (key.equals("kamelet") && mapping.get("name") instanceof YamlScalar name) {
                add("kamelet:" + name.text(), mapping.mapping("parameters"), EndpointUse.Role.PRODUCER, name, found);
            }
            for (Map.Entry<String, YamlMapping.Entry> entry : mapping.entries().entrySet()) {
                visit(entry.getKey(), entry.getValue().value(), deep, found);
            }
        }
    }

    private static EndpointUse.Role roleOf(String key) {
        return switch (key) {
            case "from" -> EndpointUse.Role.CONSUMER;
            case "toD", "wireTap" -> EndpointUse.Role.DYNAMIC;
            default -> EndpointUse.Role.PRODUCER;
        };
    }

    private static void add(
            String address,
            @Nullable YamlMapping parameters,
            EndpointUse.Role role,
            YamlScalar at,
            List<EndpointUse> found) {
        CamelUri uri = CamelUri.of(address, parameters);
        found.add(new EndpointUse(uri, role, at, parameters));
        if (role == EndpointUse.Role.DYNAMIC) {
            // toD joins parts by '+', each of which may be of another language: language:NAME:expression.
            String[] parts = uri.text().split("\\+");
            for (int i = 1; i < parts.length; i++) {
                if (parts[i].strip().startsWith("language:")) {
                    found.add(new EndpointUse(CamelUri.of(parts[i]), role, at));
                }
            }
        }
    }

    /** The addresses of an expression: those that stand in it, or one without a component if it cannot be seen. */
    private static void computed(String name, YamlMapping eip, List<EndpointUse> found) {
        YamlMapping expression = eip.mapping("expression");
        YamlMapping holder = expression == null ? eip : expression;
        String delimiter = name.endsWith("nrich") ? null : delimiter(eip);
        for (String language : Languages.ALL) {
            YamlNode value = holder.get(language);
            YamlScalar text = textOf(value);
            if (text == null) {
                continue;
            }
            if (LITERAL_LANGUAGES.contains(language)) {
                for (String part : delimiter == null ? new String[] {text.text()} : split(text.text(), delimiter)) {
                    found.add(new EndpointUse(CamelUri.of(part), EndpointUse.Role.DYNAMIC, text));
                }
            } else {
                found.add(new EndpointUse(CamelUri.of(""), EndpointUse.Role.DYNAMIC, text));
            }
        }
    }

    /** What separates addresses, null where there is only one. */
    private static @Nullable String delimiter(YamlMapping eip) {
        String delimiter = eip.text("delimiter");
        String uriDelimiter = eip.text("uriDelimiter");
        if ("false".equals(delimiter)) {
            return null;
        }
        return delimiter != null ? delimiter : uriDelimiter != null ? uriDelimiter : ",";
    }

    private static String[] split(String text, String delimiter) {
        return text.split(Pattern.quote(delimiter));
    }

    private static @Nullable YamlScalar textOf(@Nullable YamlNode language) {
        if (language instanceof YamlScalar scalar) {
            return scalar;
        }
        if (language instanceof YamlMapping mapping && mapping.get("expression") instanceof YamlScalar scalar) {
            return scalar;
        }
        return null;
    }
}
