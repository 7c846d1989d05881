package dev.segno.cli;

import dev.segno.Application;
import dev.segno.RouteLayout;
import dev.segno.camel.service.ServiceCalls;
import dev.segno.control.Settings;
import dev.segno.sandbox.SandboxSettings;
import dev.segno.security.OutboundRules;
import java.io.PrintWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code segno demo}: a node with all example packages, and the sandbox beside it as a process of its own. */
@Command(
        name = "demo",
        description = "Runs everything, with stand-ins for the services that the examples call.",
        mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {

    /** The key when nobody says another: in the demo only, for the program itself has none. */
    static final String DEMO_KEY = "demo-key";

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    @Mixin
    NodeOptions node = new NodeOptions();

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.putIfAbsent("ADMIN_KEY", DEMO_KEY);
        // The stand-ins are on this machine, which is elsewhere no place for URLs that callers give.
        environment.putIfAbsent(OutboundRules.CIDRS_SETTING, "127.0.0.0/8,::1/128");
        SandboxSettings sandbox = SandboxSettings.read(Home.directory().resolve("config/sandbox.yaml"), 0, environment);
        SandboxProcess.ensureRunning(sandbox, environment, node.data, out);
        sandbox.ports()
                .forEach((name, port) ->
                        environment.putIfAbsent(ServiceCalls.addressSetting(name), "http://127.0.0.1:" + port));
        // One service under two names.
        environment.putIfAbsent("CONSISTENCY_ENGINE_URL", environment.getOrDefault("ANALYSIS_SERVICE_URL", ""));
        if (!environment.containsKey("SMTP_SERVER") && sandbox.ports().containsKey("smtp-sink")) {
            environment.putIfAbsent(
                    "SMTP_URL", "smtp://127.0.0.1:" + (sandbox.ports().get("smtp-sink") + 1));
        }
        Settings settings = node.settings(environment);
        RouteLayout layout = RouteLayout.of(List.of(Home.routes()), Home.routes());
        int port = Node.port(node, settings);
        out.println("Segno demo on http://" + node.host + ":" + port + ", data in " + node.data
                + ". Start a sync of 300,000 products:");
        out.println("  curl -X POST -H 'X-ADMIN-KEY: " + environment.get("ADMIN_KEY") + "' http://" + node.host + ":"
                + port + "/sync");
        out.println("Bring in the documents of all sources, and see what became of that:");
        out.println("  curl -X POST http://" + node.host + ":" + port + "/workflows/run");
        out.println("  curl http://" + node.host + ":" + port + "/api/runs?orchestration=full_ingestion");
        out.println("Book the flagged vehicles of a fleet and tell their owners:");
        out.println("  curl -X POST -H 'Content-Type: application/json' -d '{\"auto_confirm\":true}' http://"
                + node.host + ":" + port + "/api/orchestrate/full_cycle");
        out.println("Search, and start the workflows that wait for results:");
        out.println("  curl -X POST -H 'Content-Type: application/json' -d '{\"query\":\"contract\"}' 'http://"
                + node.host + ":" + port + "/orchestrations/search-and-trigger?wait=30s'");
        out.flush();
        return Node.runUntilTerminated(
                new Application.Options(layout, node.host, port, node.data, node.insecure), settings);
    }
}
