package dev.segno.camel;

import dev.segno.controlplane.Workflow;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The loaded orchestrations with what their files say of them. Thread-safe. */
final class LoadedWorkflows {

    private static final Pattern ROUTE = Pattern.compile("(?m)^(?=- )");
    private static final Pattern DESCRIPTION =
            Pattern.compile("(?m)^\\s+description:\\s*[\"']?([^\"'>|\\s][^\\n]*?)[\"']?\\s*$");
    private static final Pattern SERVICE = Pattern.compile("\\bservice[=:]\\s*([A-Za-z][A-Za-z0-9._-]*)");
    private static final Pattern PARAMETER = Pattern.compile("\\.parameters\\.([A-Za-z_][A-Za-z0-9_]*)");

    private final RouteLoader loader;

    LoadedWorkflows(RouteLoader loader) {
        this.loader = loader;
    }

    List<Workflow> list() {
        List<Workflow> workflows = new ArrayList<>();
        for (RouteLoader.FileState file : loader.states()) {
            for (String name : file.names()) {
                String source = String.valueOf(file.source());
                workflows.add(new Workflow(
                        name,
                        description(name, source),
                        found(SERVICE, source),
                        found(PARAMETER, source),
                        String.valueOf(file.version()),
                        "routes/" + file.path(),
                        loader.isEnabled(name)));
            }
        }
        return workflows;
    }

    /** Of the route that begins the orchestration. */
    private static String description(String name, String source) {
        Pattern entry = Pattern.compile("uri:\\s*[\"']?orchestration:" + Pattern.quote(name) + "[\"'?\\s]");
        for (String route : ROUTE.split(source)) {
            Matcher description = DESCRIPTION.matcher(route);
            if (entry.matcher(route).find() && description.find()) {
                return description.group(1);
            }
        }
        return name;
    }

    private static List<String> found(Pattern pattern, String source) {
        Set<String> found = new TreeSet<>();
        Matcher matcher = pattern.matcher(source);
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        return List.copyOf(found);
    }
}
