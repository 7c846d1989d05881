package dev.segno.camel.yaml;

import java.util.HashSet;
import java.util.Set;

/**
 * What a route file may name (S5 in docs/proof.md): everything else is refused before anything is created. Immutable.
 *
 * @param components URI schemes that may be consumed from and sent to
 * @param testComponents further schemes, allowed only where {@code testing} is set
 * @param languages expression languages, by their names in the YAML DSL
 * @param dataFormats formats of marshal and unmarshal
 * @param types classes that a body may be converted to; a {@code File} or an {@code OutputStream} opens what it names
 * @param folders folders that {@code file:} may name, as they stand in the file, without a slash at the end
 * @param beans names of beans of the program that a route may call
 * @param environment names that <code>{{env:X}}</code>, <code>{{sys:X}}</code>, <code>${env.X}</code> and
 *     <code>${sys.X}</code> may read
 * @param testing whether the file belongs to a test
 */
public record Policy(
        Set<String> components,
        Set<String> testComponents,
        Set<String> languages,
        Set<String> dataFormats,
        Set<String> types,
        Set<String> folders,
        Set<String> beans,
        Set<String> environment,
        boolean testing) {

    /**
     * What a service needs to be called, and nothing that runs code, opens files or reads the environment. {@code smtp} hands
     * reports over to a mail server and receives nothing; use it through {@code kamelet:mail}, which lets no header of a message
     * choose recipients or server. {@code jdbc} reads the databases that settings name, and
     * writes none.
     */
    public static final Policy DEFAULT = new Policy(
            Set.of(
                    "orchestration",
                    "runs",
                    "schedules",
                    "control",
                    "notices",
                    "shopping",
                    "secrets",
                    "await",
                    "direct",
                    "kamelet",
                    "service",
                    "http",
                    "https",
                    "vertx-http",
                    "platform-http",
                    "rest",
                    "rest-api",
                    "rest-openapi",
                    "log",
                    "quartz",
                    "cron",
                    "timer",
                    "scheduler",
                    "seda",
                    "redis-stream",
                    "redis-pubsub",
                    "smtp",
                    "smtps",
                    "jdbc",
                    "language",
                    "json-validator",
                    "jslt",
                    "file"),
            Set.of("mock", "stub"),
            Set.of(
                    "simple",
                    "jq",
                    "jslt",
                    "jsonpath",
                    "constant",
                    "header",
                    "variable",
                    "exchangeProperty",
                    "tokenize"),
            Set.of("json", "csv", "base64", "gzipDeflater", "zipDeflater", "mimeMultipart"),
            Set.of(
                    "String",
                    "java.lang.String",
                    "byte[]",
                    "int",
                    "Integer",
                    "java.lang.Integer",
                    "long",
                    "Long",
                    "java.lang.Long",
                    "double",
                    "Double",
                    "java.lang.Double",
                    "boolean",
                    "Boolean",
                    "java.lang.Boolean",
                    "java.math.BigDecimal",
                    "java.math.BigInteger",
                    "java.util.Map",
                    "java.util.List",
                    "java.util.LinkedHashMap",
                    "java.util.ArrayList",
                    "java.io.InputStream",
                    "org.apache.camel.StreamCache",
                    "com.fasterxml.jackson.databind.JsonNode"),
            Set.of("routes"),
            Set.of(),
            Set.of(),
            false);

    public Policy {
        components = Set.copyOf(components);
        testComponents = Set.copyOf(testComponents);
        languages = Set.copyOf(languages);
        dataFormats = Set.copyOf(dataFormats);
        types = Set.copyOf(types);
        folders = Set.copyOf(folders);
        beans = Set.copyOf(beans);
        environment = Set.copyOf(environment);
    }

    /** Whether a scheme may be used. */
    public boolean allowsComponent(String scheme) {
        return components.contains(scheme) || (testing && testComponents.contains(scheme));
    }

    /** The same with more components. */
    public Policy withComponents(Set<String> more) {
        return new Policy(
                union(components, more),
                testComponents,
                languages,
                dataFormats,
                types,
                folders,
                beans,
                environment,
                testing);
    }

    /** The same with more folders that {@code file:} may name. */
    public Policy withFolders(Set<String> more) {
        return new Policy(
                components,
                testComponents,
                languages,
                dataFormats,
                types,
                union(folders, more),
                beans,
                environment,
                testing);
    }

    /** The same with more beans that may be called by name. */
    public Policy withBeans(Set<String> more) {
        return new Policy(
                components,
                testComponents,
                languages,
                dataFormats,
                types,
                folders,
                union(beans, more),
                environment,
                testing);
    }

    /** The same with more names that may be read from the environment. */
    public Policy withEnvironment(Set<String> more) {
        return new Policy(
                components,
                testComponents,
                languages,
                dataFormats,
                types,
                folders,
                beans,
                union(environment, more),
                testing);
    }

    /** The same for the files of a test. */
    public Policy forTests() {
        return new Policy(components, testComponents, languages, dataFormats, types, folders, beans, environment, true);
    }

    private static Set<String> union(Set<String> one, Set<String> other) {
        Set<String> all = new HashSet<>(one);
        all.addAll(other);
        return all;
    }
}
