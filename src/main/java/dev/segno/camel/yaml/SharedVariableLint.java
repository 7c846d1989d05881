package dev.segno.camel.yaml;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Refuses variables that outlive an exchange: what one run sets, another one would see. Not thread-safe. */
final class SharedVariableLint {

    /** Keys that name a variable. */
    private static final Set<String> VARIABLE_NAMES = Set.of("variableSend", "variableReceive", "variable", "toName");

    private static final Set<String> VARIABLE_EIPS =
            Set.of("setVariable", "removeVariable", "convertVariableTo", "variables");

    private static final Pattern SHARED_VARIABLE = Pattern.compile("^\\s*(global|route):.*", Pattern.DOTALL);

    private static final Pattern SHARED_VARIABLE_READ =
            Pattern.compile("^variables?(?:As(?:Index)?\\(|[.:?\\[]+)['\"]?(?:global|route):");

    private final String file;
    private final List<Problem> problems;

    SharedVariableLint(String file, List<Problem> problems) {
        this.file = file;
        this.problems = problems;
    }

    /** Checks the names and the expressions of one EIP, without those of the EIPs in it. */
    void check(EipNode eip) {
        if (eip.value() instanceof YamlMapping mapping) {
            variables(eip.name(), mapping);
        }
        for (YamlScalar text : eip.texts()) {
            for (String function : SimpleText.functions(text.text())) {
                if (SHARED_VARIABLE_READ.matcher(function).find()) {
                    shared(text, "${" + function + "}");
                }
            }
        }
    }

    private void variables(String key, YamlMapping mapping) {
        for (YamlMapping.Entry entry : mapping.entries().values()) {
            String name = entry.key().text();
            boolean names = VARIABLE_NAMES.contains(name) || (name.equals("name") && VARIABLE_EIPS.contains(key));
            boolean expression = name.equals("expression") && key.equals("variable");
            if (entry.value() instanceof YamlScalar value && (names || expression)) {
                name(value);
            } else if (entry.value() instanceof YamlMapping inner && !name.equals("parameters")) {
                variables(name, inner);
            } else if (entry.value() instanceof YamlSequence list && name.equals("variables")) {
                list.items().forEach(item -> {
                    if (item instanceof YamlMapping variable) {
                        variables(name, variable);
                    }
                });
            }
        }
    }

    /** Checks the name of a variable. */
    void name(YamlScalar name) {
        if (SHARED_VARIABLE.matcher(name.text()).matches()) {
            shared(name, name.text());
        }
    }

    private void shared(YamlScalar at, String what) {
        problems.add(Problem.error(
                file,
                at,
                "'%s' in a run: global: and route: variables are shared by all runs".formatted(what),
                "Use a plain variable; it belongs to the run"));
    }
}
