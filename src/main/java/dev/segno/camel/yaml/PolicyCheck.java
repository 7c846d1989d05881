package dev.segno.camel.yaml;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Checks a file against the {@link Policy}: a route file is code, and this is what it may not do (S5 in docs/proof.md).
 * Looks at the whole tree and not only at what the schema allows, so that it holds for files that the schema refuses.
 */
final class PolicyCheck {

    private static final Pattern CREATED = Pattern.compile("(?i)#\\s*(class|type)\\s*:");

    private static final Pattern RESOURCE = Pattern.compile("(?:^|[=&?])\\s*resource:([^&]*)");

    /** Texts for people; nothing evaluates them. */
    private static final Set<String> PROSE = Set.of("description", "note", "title");

    /** Of a bean's keys, those that make something run. */
    private static final List<String> BEAN_CODE =
            List.of("type", "script", "factoryBean", "factoryMethod", "builderClass", "initMethod");

    /** Keys that name a class to convert to. */
    private static final Set<String> TYPE_KEYS =
            Set.of("resultType", "resultTypeName", "unmarshalType", "unmarshalTypeName", "collectionType", "beanType");

    /** Options that let data say what class it becomes, or load code into a parser. */
    private static final Set<String> OPENING_OPTIONS =
            Set.of("allowUnmarshallType", "allowJmsType", "moduleClassNames", "allowAnyType");

    private final RouteFile file;
    private final Policy policy;
    private final EndpointPolicy endpoints;
    private final SimplePolicy simple;
    private final List<Problem> problems = new ArrayList<>();

    private PolicyCheck(RouteFile file, CheckSettings settings) {
        this.file = file;
        this.policy = settings.policy();
        this.endpoints = new EndpointPolicy(file, settings);
        this.simple = new SimplePolicy(policy);
    }

    static List<Problem> check(RouteFile file, CheckSettings settings) {
        PolicyCheck check = new PolicyCheck(file, settings);
        YamlNode root = file.active();
        EndpointFinder.in(root).forEach(use -> check.problems.addAll(check.endpoints.check(use)));
        Placeholders.in(root).forEach(check::placeholder);
        check.visit("", "", root);
        return check.problems;
    }

    private void visit(String parent, String key, YamlNode node) {
        if (PROSE.contains(key)) {
            return;
        }
        if (node instanceof YamlScalar scalar) {
            text(parent, key, scalar);
        } else if (node instanceof YamlSequence sequence) {
            sequence.items().forEach(item -> visit(parent, key, item));
        } else if (node instanceof YamlMapping mapping) {
            for (YamlMapping.Entry entry : mapping.entries().values()) {
                String name = entry.key().text();
                if (!key.equals("parameters")) {
                    named(key, entry);
                }
                visit(key, name, entry.value());
            }
        }
    }

    /** What a key may not be, whatever its value is. */
    private void named(String parent, YamlMapping.Entry entry) {
        YamlScalar key = entry.key();
        String name = key.text();
        switch (name) {
            case "beans" -> beans(key, entry.value());
            case "script" -> {
                if (!parent.equals("beans")) {
                    refused(key);
                }
            }
            case "bean", "process" -> bean(key, entry.value());
            case "serviceCall" -> refused(key);
            case "marshal", "unmarshal", "dataFormats" -> dataFormats(entry.value());
            case "templatedRoute", "routeTemplate" ->
                error(key, "'%s' is not allowed".formatted(name), "Write a kamelet: it is a template with a name");
            default -> language(parent, key);
        }
        if (OPENING_OPTIONS.contains(name)
                && !(entry.value() instanceof YamlScalar value && value.text().equals("false"))) {
            error(key, "'%s' lets data or the file choose classes".formatted(name), "Remove it");
        }
    }

    /** What is refused in a run is refused outside of runs too, where it is code. */
    private void refused(YamlScalar key) {
        EipRules.Rule rule = Objects.requireNonNull(EipRules.of(key.text()));
        error(key, "'%s' %s".formatted(rule.name(), rule.reason()), rule.advice());
    }

    private void beans(YamlScalar key, YamlNode value) {
        List<YamlNode> found = value instanceof YamlSequence list ? list.items() : List.of(value);
        for (YamlNode bean : found) {
            @Nullable YamlScalar code = null;
            if (bean instanceof YamlMapping mapping) {
                for (String option : BEAN_CODE) {
                    code = code == null ? mapping.key(option) : code;
                }
            }
            error(
                    code != null ? code : found.size() == 1 ? key : bean,
                    code != null
                            ? "'beans' creates objects, here by '%s'".formatted(code.text())
                            : "'beans' creates objects",
                    "Shape data with jq or jslt, call a service, or put a Java class on the class path");
        }
    }

    private void bean(YamlScalar key, YamlNode value) {
        String reference = value instanceof YamlMapping mapping ? mapping.text("ref") : null;
        String name = reference == null ? "" : reference.replaceFirst("^#(bean:)?", "");
        boolean byClass = value instanceof YamlMapping mapping && mapping.has("beanType");
        if (byClass || !policy.beans().contains(name)) {
            error(
                    key,
                    "'%s' runs code that the policy does not name".formatted(key.text()),
                    "Shape data with jq or jslt instead");
        }
    }

    private void language(String parent, YamlScalar key) {
        String name = key.text();
        boolean ambiguous = name.equals("ref") || name.equals("method");
        if (Languages.ALL.contains(name)
                && !name.equals("language")
                && !policy.languages().contains(name)
                && (!ambiguous || Languages.HOLDERS.contains(parent))) {
            error(key, "the language '%s' is not allowed".formatted(name), EndpointPolicy.languageAdvice(policy));
        }
    }

    private void dataFormats(YamlNode value) {
        if (value instanceof YamlMapping formats) {
            for (YamlMapping.Entry format : formats.entries().values()) {
                String name = format.key().text();
                boolean option = Set.of("id", "description", "note", "disabled", "allowNullBody")
                                .contains(name)
                        || name.startsWith("variable");
                if (!option && !policy.dataFormats().contains(name)) {
                    error(
                            format.key(),
                            "the data format '%s' is not allowed".formatted(name),
                            "Use one of " + String.join(", ", new TreeSet<>(policy.dataFormats())));
                }
            }
        }
    }

    /** What a value may not hold. */
    private void text(String parent, String key, YamlScalar scalar) {
        String text = scalar.text();
        if (Placeholders.tooMany(text)) {
            error(
                    scalar,
                    "more than %d placeholders in one text".formatted(Placeholders.MOST_IN_ONE_TEXT),
                    "Use fewer, larger settings");
            return;
        }
        Set<String> forms = forms(text);
        if (forms.stream().anyMatch(form -> CREATED.matcher(form).find())) {
            error(
                    scalar,
                    "'%s' creates an object from a class".formatted(shortened(text)),
                    "Refer to a bean by its name");
        }
        boolean languageName = (key.equals("language") && parent.equals("language"))
                || key.equals("logLanguage")
                || key.equals("scriptLanguage");
        if (languageName && !policy.languages().contains(text)) {
            error(scalar, "the language '%s' is not allowed".formatted(text), EndpointPolicy.languageAdvice(policy));
        }
        boolean typed = TYPE_KEYS.contains(key)
                || (parent.startsWith("convert") && key.equals("type"))
                || (key.startsWith("convert") && key.endsWith("To"));
        if (typed && !policy.types().contains(text)) {
            error(scalar, "the type '%s' is not allowed".formatted(text), "Convert to String, byte[] or a number");
        }
        if (key.equals("specification")) {
            problems.addAll(endpoints.resource(scalar, text));
        }
        List<SimplePolicy.Fault> faults = simple.faults(text);
        for (SimplePolicy.Fault fault : faults) {
            error(scalar, fault.what(), fault.advice());
        }
        if (faults.isEmpty()
                && forms.stream().anyMatch(form -> !simple.faults(form).isEmpty())) {
            // The function is not shown: it may hold the value of a setting.
            error(scalar, "its placeholders make up a function that is not allowed", "Write the function out");
        }
        for (String form : forms) {
            Matcher resource = RESOURCE.matcher(form);
            if (resource.find()) {
                problems.addAll(endpoints.resource(scalar, resource.group(1)));
            }
        }
    }

    /**
     * What a text may become: decoded, with its placeholders resolved, or with one that hides the dollar sign of a
     * function, as <code>{{x:$}}{bean:…}</code> would.
     */
    private Set<String> forms(String text) {
        Set<String> forms = new LinkedHashSet<>();
        forms.add(text);
        forms.add(
                text.replace("%23", "#").replace("%3A", ":").replace("%3a", ":").replace("%24", "$"));
        if (text.contains("{{")) {
            forms.add(endpoints.resolve(text));
            forms.add(Placeholders.resolve(text, name -> "$"));
        }
        return forms;
    }

    private void placeholder(Placeholder placeholder) {
        if (placeholder.isSetting() || placeholder.function().equals("boolean")) {
            return;
        }
        boolean environment =
                placeholder.function().equals("env") || placeholder.function().equals("sys");
        if (!environment || !policy.environment().contains(placeholder.name())) {
            error(
                    placeholder.at(),
                    "'{{%s:%s}}' reads what is not a setting".formatted(placeholder.function(), placeholder.name()),
                    "Set the value in config/app.yaml and use {{NAME}}");
        }
    }

    private void error(YamlNode at, String what, String advice) {
        problems.add(Problem.error(file.path(), at, what, advice));
    }

    private static String shortened(String text) {
        String line = text.strip().replaceAll("\\s+", " ");
        return line.length() > 60 ? line.substring(0, 60) + "…" : line;
    }
}
