package dev.segno.camel.yaml;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Checks what Camel's reader refuses although its schema allows it. Camel would tell of it only when the route is
 * built, one fault at a time and mostly without a line.
 */
final class ReaderCheck {

    private static final Pattern SETTING_NAME = Pattern.compile("[A-Za-z0-9_.{}?:-]+");

    private static final Set<String> PROSE = Set.of("description", "note", "title");

    private static final String BRACES = "Write '{{NAME}}', or put a blank between braces that belong to JSON or jq";

    /** At the top of a file they apply to the routes behind them. */
    private static final Set<String> BEFORE_ROUTES = Set.of(
            "errorHandler", "onException", "onCompletion", "intercept", "interceptFrom", "interceptSendToEndpoint");

    private static final Set<String> NEED_EXPRESSION = Set.of(
            "setBody",
            "setHeader",
            "setProperty",
            "setVariable",
            "transform",
            "validate",
            "filter",
            "when",
            "split",
            "loop",
            "delay",
            "throttle",
            "idempotentConsumer",
            "enrich",
            "pollEnrich",
            "recipientList",
            "routingSlip",
            "dynamicRouter",
            "script");

    private final String file;
    private final List<Problem> problems = new ArrayList<>();

    private ReaderCheck(String file) {
        this.file = file;
    }

    static List<Problem> check(RouteFile file) {
        ReaderCheck check = new ReaderCheck(file.path());
        YamlNode root = file.tree().root();
        YamlNode template = file.kind() == RouteFile.Kind.KAMELET ? root.at("/spec/template") : null;
        check.visit(template == null ? root : template);
        check.order(root);
        return check.problems;
    }

    private void visit(YamlNode node) {
        if (node instanceof YamlMapping mapping) {
            endpoint(mapping);
            for (YamlMapping.Entry entry : mapping.entries().values()) {
                String key = entry.key().text();
                if (NEED_EXPRESSION.contains(key)) {
                    expression(key, entry.value());
                }
                if (!PROSE.contains(key)) {
                    visit(entry.value());
                }
            }
        } else if (node instanceof YamlSequence sequence) {
            sequence.items().forEach(this::visit);
        } else if (node instanceof YamlScalar scalar && scalar.text().contains("{{")) {
            placeholders(scalar);
        }
    }

    private void endpoint(YamlMapping mapping) {
        YamlMapping parameters = mapping.mapping("parameters");
        if (mapping.get("uri") instanceof YamlScalar uri
                && uri.text().contains("?")
                && parameters != null
                && !parameters.entries().isEmpty()) {
            error(
                    uri,
                    "an address with options both behind '?' and under 'parameters'",
                    "Write all of them under 'parameters'");
        }
    }

    private void expression(String key, YamlNode value) {
        List<YamlNode> all = value instanceof YamlSequence list ? list.items() : List.of(value);
        for (YamlNode one : all) {
            if (one instanceof YamlMapping mapping
                    && !mapping.has("expression")
                    && mapping.keys().stream().noneMatch(Languages.ALL::contains)) {
                error(mapping, "'%s' has no expression".formatted(key), "Add one, such as 'simple: ${body}'");
            }
        }
    }

    private void placeholders(YamlScalar scalar) {
        if (!Placeholders.balanced(scalar.text())) {
            error(scalar, "'{{' and '}}' do not match", BRACES);
            return;
        }
        for (Placeholder placeholder : Placeholders.in(scalar)) {
            if (!SETTING_NAME.matcher(placeholder.name()).matches()) {
                error(scalar, "'%s' cannot be the name of a setting".formatted(placeholder.name()), BRACES);
            }
        }
    }

    private void order(YamlNode root) {
        boolean routeSeen = false;
        if (root instanceof YamlSequence list) {
            for (EipNode entry : EipNode.in(list)) {
                if (routeSeen && BEFORE_ROUTES.contains(entry.name())) {
                    error(
                            entry.key(),
                            "'%s' stands behind a route".formatted(entry.name()),
                            "Move it to the top of the file: it applies to the routes behind it");
                }
                routeSeen |= entry.name().equals("route") || entry.name().equals("from");
            }
        }
    }

    private void error(YamlNode at, String what, String advice) {
        problems.add(Problem.error(file, at, what, advice));
    }
}
