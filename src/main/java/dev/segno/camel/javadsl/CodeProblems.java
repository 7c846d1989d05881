package dev.segno.camel.javadsl;

import dev.segno.camel.yaml.Problem;
import java.util.Locale;
import org.apache.camel.model.language.ExpressionDefinition;

/** Tells of an object in a route, and what to write instead. */
final class CodeProblems {

    private CodeProblems() {}

    static Problem of(String path, CodeInModel.Code code) {
        String what = code.field().isEmpty()
                ? "%s holds %s, which Camel cannot write as YAML".formatted(code.where(), name(code.value()))
                : "%s holds code as '%s' (%s): a run that goes on in another process would not find it"
                        .formatted(code.where(), code.field(), name(code.value()));
        return new Problem(Problem.Severity.ERROR, path, code.line(), 1, what, advice(code));
    }

    private static String advice(CodeInModel.Code code) {
        String field = code.field().toLowerCase(Locale.ROOT);
        if (ExpressionText.isOne(code.value())) {
            return "Write it as text, such as simple(\"${header.sku} == 'a'\") or jq(\".lines\")";
        }
        if (field.contains("aggregationstrategy")) {
            return "Give the name of one, such as aggregationStrategy(\"collectBodies\")";
        }
        if (field.contains("endpoint")) {
            return "Write the address as text, such as to(\"kamelet:call?service=x&path=/y\")";
        }
        if (field.equals("exception")) {
            return "Give its class and its message: throwException(X.class, \"message\")";
        }
        if (field.equals("processor") || field.equals("bean")) {
            return "Shape data with jq or simple, or call a service in a step";
        }
        return "Leave it out, or set what has a name or a value instead";
    }

    private static String name(Object value) {
        if (value instanceof ExpressionDefinition definition) {
            return "an expression in the language '" + definition.getLanguage() + "'";
        }
        Class<?> type = value instanceof Class<?> named ? named : value.getClass();
        return type.isSynthetic() || type.isHidden() ? "a lambda" : type.getName();
    }
}
