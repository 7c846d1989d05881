package dev.segno.camel.yaml;

import java.util.Set;

/** The expression languages that the YAML DSL has a key for. */
final class Languages {

    /** All of them; {@code language} itself takes any other by name. */
    static final Set<String> ALL = Set.of(
            "constant",
            "csimple",
            "datasonnet",
            "exchangeProperty",
            "groovy",
            "header",
            "hl7terser",
            "java",
            "joor",
            "jq",
            "js",
            "jsonpath",
            "language",
            "method",
            "mvel",
            "ognl",
            "python",
            "ref",
            "simple",
            "spel",
            "tokenize",
            "variable",
            "wasm",
            "xpath",
            "xquery",
            "xtokenize");

    /** Keys that hold an expression: only below them are {@code ref}, {@code method} and the like languages. */
    static final Set<String> HOLDERS = Set.of(
            "expression",
            "setBody",
            "setHeader",
            "headers",
            "setProperty",
            "setVariable",
            "variables",
            "transform",
            "validate",
            "script",
            "filter",
            "when",
            "onWhen",
            "split",
            "loop",
            "delay",
            "throttle",
            "correlationExpression",
            "completionPredicate",
            "completionSizeExpression",
            "completionTimeoutExpression",
            "idempotentConsumer",
            "resequence",
            "sort",
            "enrich",
            "pollEnrich",
            "recipientList",
            "routingSlip",
            "dynamicRouter",
            "handled",
            "continued",
            "retryWhile",
            "option",
            "stickyLoadBalancer");

    private Languages() {}
}
