package dev.segno.camel.javadsl;

import dev.segno.camel.yaml.CheckSettings;
import dev.segno.camel.yaml.CheckedRouteFile;
import dev.segno.camel.yaml.Problem;
import dev.segno.camel.yaml.RouteFileChecker;
import dev.segno.camel.yaml.SchemaPasses;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.ErrorHandlerFactory;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.builder.RouteConfigurationBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.CopyableDefinition;
import org.apache.camel.model.ErrorHandlerDefinition;
import org.apache.camel.model.RouteConfigurationDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.RoutesDefinition;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/**
 * Asks a class of the Java DSL for its routes, and checks what it says as a route file. The routes are neither built nor
 * started, and the Camel context that the class sees is thrown away.
 */
final class RouteClassReader {

    private static final DumpSettings BLOCKS = DumpSettings.builder()
            .setDefaultFlowStyle(FlowStyle.BLOCK)
            .setIndicatorIndent(2)
            .setIndentWithIndicator(true)
            .setIndent(2)
            .setWidth(Integer.MAX_VALUE)
            .setSplitLines(false)
            .build();

    private final YamlShape shape;
    private final CheckSettings settings;
    private final SchemaPasses passes;

    RouteClassReader(YamlShape shape, CheckSettings settings, SchemaPasses passes) {
        this.shape = shape;
        this.settings = settings;
        this.passes = passes;
    }

    /**
     * Reads and checks the routes of a class. Lines of problems are those of the class where they are known.
     *
     * @param path    what the class is called among route files
     * @param builder fresh
     */
    CheckedRouteFile read(String path, RouteBuilder builder) {
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            context.setSourceLocationEnabled(true);
            configure(builder, context);
            List<Problem> problems = new ArrayList<>(refused(path, builder));
            List<Map<String, Object>> entries = problems.isEmpty() ? entries(path, builder, problems) : List.of();
            if (!problems.isEmpty()) {
                return new CheckedRouteFile(path, null, problems);
            }
            String text = new Dump(BLOCKS).dumpToString(entries);
            CheckedRouteFile checked = RouteFileChecker.check(path, text, settings, passes);
            return SourceLines.of(entries, shape).apply(checked);
        } catch (Exception | LinkageError e) {
            return new CheckedRouteFile(path, null, List.of(failed(path, builder.getClass(), e)));
        }
    }

    private static void configure(RouteBuilder builder, DefaultCamelContext context) throws Exception {
        builder.setCamelContext(context);
        builder.getRouteCollection().setCamelContext(context);
        // Camel would go on, and spread what stands beside the routes into each of them.
        builder.configure();
        if (builder instanceof RouteConfigurationBuilder configurations) {
            configurations.configuration();
        }
    }

    private static Problem failed(String path, Class<?> type, Throwable e) {
        int line = Stream.of(e.getStackTrace())
                .filter(frame -> frame.getClassName().equals(type.getName()))
                .mapToInt(StackTraceElement::getLineNumber)
                .filter(number -> number > 0)
                .findFirst()
                .orElse(1);
        String message = e.getMessage() == null
                ? ""
                : ": " + e.getMessage().lines().findFirst().orElse("");
        return new Problem(
                Problem.Severity.ERROR,
                path,
                line,
                1,
                "the class fails when it is asked for its routes: "
                        + e.getClass().getName() + message,
                "Correct its configure(): it runs once, and sees a context that is not started");
    }

    /** What a builder can hold beside routes and has no place in a route file. */
    private static List<Problem> refused(String path, RouteBuilder builder) {
        Map<String, Boolean> kinds = new LinkedHashMap<>();
        kinds.put("REST services", !builder.getRestCollection().getRests().isEmpty());
        kinds.put("a REST configuration", builder.getRestConfiguration() != null);
        kinds.put(
                "route templates",
                !builder.getRouteTemplateCollection().getRouteTemplates().isEmpty()
                        || !builder.getTemplatedRouteCollection()
                                .getTemplatedRoutes()
                                .isEmpty());
        kinds.put("beans", !builder.getBeans().isEmpty());
        return kinds.entrySet().stream()
                .filter(Map.Entry::getValue)
                .map(kind -> Problem.error(
                        path,
                        "the class defines " + kind.getKey() + ", which are not taken from classes",
                        "Define routes only; an HTTP route is from(\"platform-http:/path\")"))
                .toList();
    }

    private List<Map<String, Object>> entries(String path, RouteBuilder builder, List<Problem> problems)
            throws IOException {
        RoutesDefinition routes = builder.getRouteCollection();
        List<RouteConfigurationDefinition> configurations = builder instanceof RouteConfigurationBuilder configuring
                ? configuring.getRouteConfigurationCollection().getRouteConfigurations()
                : List.of();
        if (routes.getRoutes().isEmpty() && configurations.isEmpty()) {
            problems.add(Problem.error(
                    path, "the class defines no route", "Begin one in configure() with from(\"orchestration:NAME\")"));
            return List.of();
        }
        ErrorHandlerFactory shared = routes.getErrorHandlerFactory();
        List<Object> models = new ArrayList<>();
        if (shared != null) {
            models.add(errorHandler(shared));
        }
        models.addAll(routes.getOnExceptions());
        models.addAll(routes.getOnCompletions());
        models.addAll(routes.getIntercepts());
        models.addAll(routes.getInterceptFroms());
        models.addAll(routes.getInterceptSendTos());
        for (RouteConfigurationDefinition configuration : configurations) {
            if (configuration.getErrorHandler() != null) {
                configuration.setErrorHandler(
                        errorHandler(configuration.getErrorHandler().getErrorHandlerType()));
            }
            models.add(configuration);
        }
        for (RouteDefinition route : routes.getRoutes()) {
            if (route.isErrorHandlerFactorySet() && route.getErrorHandlerFactory() != shared) {
                route.setErrorHandler(errorHandler(route.getErrorHandlerFactory()));
            }
            models.add(route);
        }
        CodeInModel code = new CodeInModel();
        models.forEach(code::look);
        ModelElements elements = new ModelElements();
        for (Object model : models) {
            elements.write(model);
        }
        if (code.found().isEmpty()) {
            code.parts().stream().filter(part -> !elements.hasWritten(part)).forEach(code::leftOut);
        }
        code.found().forEach(found -> problems.add(CodeProblems.of(path, found)));
        return elements.roots().stream().map(shape::entry).toList();
    }

    /** The builders of error handlers are the definitions under other names, which the writer does not know. */
    private static ErrorHandlerDefinition errorHandler(ErrorHandlerFactory factory) {
        ErrorHandlerDefinition definition = new ErrorHandlerDefinition();
        definition.setErrorHandlerType(
                factory instanceof CopyableDefinition<?> builder
                                && builder.copyDefinition() instanceof ErrorHandlerFactory plain
                        ? plain
                        : factory);
        return definition;
    }
}
