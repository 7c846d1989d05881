package dev.segno.camel.yaml;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The part of the policy that concerns functions of the Simple language: those that reach beans, classes, Camel itself,
 * the environment or files are refused wherever they stand, for nearly every text of a route is evaluated as Simple.
 */
final class SimplePolicy {

    /** What a function begins with, up to the first character that cannot belong to its name. */
    private static final Pattern HEAD = Pattern.compile("^(?:in\\.)?[A-Za-z-]*");

    private static final Pattern ENVIRONMENT = Pattern.compile("^(?:env|sys|sysenv)[.:](.*)$", Pattern.DOTALL);

    private static final Pattern REFLECTION = Pattern.compile(
            "[.?](?:class|getClass|classLoader|getClassLoader|context|getContext|camelContext|registry)\\b");

    private static final Pattern PROPERTY = Pattern.compile("^(?:properties|propertiesExist):!?(.*)$", Pattern.DOTALL);

    /** Functions whose argument is a class, with the group that names it. */
    private static final List<Pattern> TYPED = List.of(
            Pattern.compile("^(?:body|message|mandatoryBody|exception)As(?:Index)?\\(([^,)]*)"),
            Pattern.compile("^(?:header|variable|exchangeProperty)As(?:Index)?\\([^,)]*,([^,)]*)"),
            Pattern.compile("^convertTo\\((?:[^,)]*,)?([^,)]*)\\)"));

    private static final Set<String> OBJECTS = Set.of("body", "in.body", "exception", "exchange", "camelContext");

    private final Policy policy;

    SimplePolicy(Policy policy) {
        this.policy = policy;
    }

    /** What is wrong with the functions of a text: each as a clause about it. */
    List<Fault> faults(String text) {
        List<Fault> faults = new ArrayList<>();
        List<String> functions = SimpleText.functions(text);
        if (functions.size() > SimpleText.MOST_FUNCTIONS) {
            return List.of(new Fault(
                    "more than %d functions in one text".formatted(SimpleText.MOST_FUNCTIONS), "Shape data with jq"));
        }
        for (String function : functions) {
            fault(function).ifPresent(faults::add);
        }
        if (faults.isEmpty() && SimpleText.isUnclosed(text)) {
            faults.add(new Fault("a function is not closed", "Write '}' at its end"));
        }
        return faults;
    }

    /** What a text does that it may not, and what to do instead. */
    record Fault(String what, String advice) {}

    private Optional<Fault> fault(String function) {
        Matcher matcher = HEAD.matcher(function);
        String head = matcher.find() ? matcher.group() : "";
        String rest = function.substring(head.length());
        if (rest.startsWith("{{") || (rest.startsWith("$") && SimpleText.hasFunction(rest))) {
            return fault(function, "takes its name from somewhere else", "Write the function out");
        }
        if (OBJECTS.contains(head) && SimpleText.hasFunction(rest) && rest.startsWith(".")) {
            return fault(function, "takes the name of a method from the exchange", "Write the method out");
        }
        return switch (head) {
            case "bean", "ref" -> bean(head, rest, function);
            case "type" -> fault(function, "reaches a class", "Write the value itself");
            case "load" -> fault(function, "reads a file", "Set the value in config/app.yaml and use {{NAME}}");
            case "camelContext" -> fault(function, "reaches into Camel", "Remove it");
            case "exchange" -> rest.isEmpty() ? Optional.empty() : fault(function, "reaches into Camel", "Remove it");
            default ->
                REFLECTION.matcher(rest).find()
                        ? fault(function, "reaches a class through a value", "Use a field of the value only")
                        : environment(function).or(() -> type(function));
        };
    }

    private Optional<Fault> bean(String head, String rest, String function) {
        String bean = rest.replaceFirst("^:", "").split("[?.:]", 2)[0];
        return head.equals("bean") && policy.beans().contains(bean)
                ? Optional.empty()
                : fault(function, "reaches a bean", "Use a kamelet, jq or jslt");
    }

    private Optional<Fault> environment(String function) {
        Matcher environment = ENVIRONMENT.matcher(function);
        if (environment.matches() && !policy.environment().contains(environment.group(1))) {
            return fault(function, "reads the environment", "Set the value in config/app.yaml and use {{NAME}}");
        }
        Matcher property = PROPERTY.matcher(function);
        if (property.matches()) {
            String name = property.group(1);
            boolean functionName = name.matches("(?s)[A-Za-z.]+:.*") && !name.startsWith("boolean:");
            String[] parts = name.split(":", 3);
            boolean environmentName = parts.length > 1 && (parts[0].equals("env") || parts[0].equals("sys"));
            boolean plainDefault = functionName && !Placeholders.isFunction(parts[0]);
            if (functionName
                    && !plainDefault
                    && !(environmentName && policy.environment().contains(parts[1]))) {
                return fault(function, "reads the environment", "Use {{NAME}} with a setting of config/app.yaml");
            }
            if (SimpleText.hasFunction(name)) {
                return fault(function, "takes the name of a setting from the exchange", "Write the name out");
            }
        }
        return Optional.empty();
    }

    private Optional<Fault> type(String function) {
        for (Pattern typed : TYPED) {
            Matcher matcher = typed.matcher(function);
            if (matcher.find() && !function.startsWith("exceptionAs")) {
                String type =
                        matcher.group(1).strip().replaceAll("^['\"]|['\"]$", "").replaceFirst("\\.class$", "");
                if (!policy.types().contains(type)) {
                    return fault(function, "converts to '%s'".formatted(type), "Convert to String, byte[] or a number");
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<Fault> fault(String function, String what, String advice) {
        String shown = function.length() > 60 ? function.substring(0, 60) + "…" : function;
        return Optional.of(new Fault("'${%s}' %s".formatted(shown, what), advice));
    }
}
