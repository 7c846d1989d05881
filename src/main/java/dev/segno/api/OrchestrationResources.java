package dev.segno.api;

import dev.segno.camel.RouteLoader;
import dev.segno.camel.RouteRuntime;
import dev.segno.camel.yaml.Problem;
import dev.segno.run.Definition;
import dev.segno.run.UnknownOrchestration;
import dev.segno.security.ApiError;
import dev.segno.security.ApiException;
import dev.segno.security.UntrustedJson;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Orchestrations and their files over HTTP: list, source, versions, and what is wrong with a text. */
public final class OrchestrationResources implements ApiRoutes {

    /** What a text is called when nobody says it: nothing is stored under that name. */
    private static final String UNNAMED = "submitted/submitted.camel.yaml";

    private final RouteRuntime runtime;

    public OrchestrationResources(RouteRuntime runtime) {
        this.runtime = runtime;
    }

    @Override
    public void mount(Router router) {
        router.get("/api/orchestrations").handler(ctx -> Answers.answer(ctx, this::list));
        router.post("/api/orchestrations/validate").handler(this::validate);
        router.get("/api/orchestrations/:name").handler(ctx -> {
            String name = ctx.pathParam("name");
            Answers.answer(ctx, () -> one(name));
        });
        router.post("/api/orchestrations/:name/enable").handler(ctx -> enable(ctx, true));
        router.post("/api/orchestrations/:name/disable").handler(ctx -> enable(ctx, false));
        router.get("/api/orchestrations/:name/versions/:version").handler(ctx -> {
            String name = ctx.pathParam("name");
            String version = ctx.pathParam("version");
            Answers.answer(ctx, () -> version(name, version));
        });
    }

    private void enable(RoutingContext ctx, boolean enabled) {
        String name = ctx.pathParam("name");
        Answers.answer(ctx, () -> {
            try {
                runtime.loader().enable(name, enabled);
            } catch (IOException e) {
                throw new ApiException(
                        new ApiError(503, "unavailable", "This cannot be written down at the moment, try again"), e);
            }
            return one(name);
        });
    }

    private Map<String, Object> list() {
        List<RouteLoader.FileState> files = runtime.loader().states();
        return Map.of(
                "orchestrations",
                files.stream()
                        .flatMap(file -> file.names().stream().map(name -> summary(name, file)))
                        .toList(),
                "problems",
                Problems.documents(
                        files.stream().flatMap(file -> file.problems().stream()).toList()));
    }

    private Map<String, @Nullable Object> one(String name) {
        RouteLoader.FileState file = runtime.loader().states().stream()
                .filter(state -> state.names().contains(name))
                .findFirst()
                .orElseThrow(() -> new UnknownOrchestration(name));
        Map<String, @Nullable Object> document = summary(name, file);
        document.put("source", file.source());
        Set<String> versions = new TreeSet<>(runtime.versions().loadedVersions(name));
        document.put(
                "versions",
                versions.stream()
                        .map(version -> entry(version, version.equals(file.version())))
                        .toList());
        return document;
    }

    private static Map<String, Object> entry(String version, boolean current) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("version", version);
        entry.put("current", current);
        return entry;
    }

    private Map<String, @Nullable Object> version(String name, String version) {
        Definition definition = runtime.engine()
                .store()
                .findDefinition(name, version)
                .orElseThrow(() -> new ApiException(
                        new ApiError(404, "not-found", "Orchestration '" + name + "' has no version " + version)));
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("name", definition.orchestration());
        document.put("version", definition.version());
        document.put("file", definition.path());
        document.put(
                "current",
                runtime.versions().currentVersion(name).map(version::equals).orElse(false));
        document.put("firstLoadedAt", definition.loadedAt().toString());
        document.put("source", definition.source());
        return document;
    }

    private Map<String, @Nullable Object> summary(String name, RouteLoader.FileState file) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("name", name);
        document.put("version", file.version());
        document.put("file", file.path());
        // An older text serves when the one on disk does not load.
        document.put("state", file.failed() ? "OUTDATED" : "CURRENT");
        document.put("enabled", runtime.loader().isEnabled(name));
        document.put("loadedAt", String.valueOf(file.loadedAt()));
        document.put("problems", Problems.documents(file.problems()));
        return document;
    }

    private void validate(RoutingContext ctx) {
        String path = Parameters.parameter(ctx, "path").orElse(UNNAMED);
        Buffer body = ctx.body().buffer();
        byte[] bytes = body == null ? new byte[0] : body.getBytes();
        Answers.answer(ctx, () -> {
            List<Problem> problems = runtime.loader().validate(path, UntrustedJson.utf8(bytes));
            if (problems.stream().anyMatch(Problem::isError)) {
                throw Problems.refusal(problems);
            }
            return Map.of("problems", Problems.documents(problems));
        });
    }
}
