package dev.segno.cli;

import dev.segno.Application;
import dev.segno.RouteLayout;
import dev.segno.control.Settings;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code segno run}: runs a node until it is terminated. */
@Command(
        name = "run",
        description = "Runs a node with the routes of one or more directories.",
        mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {

    @Parameters(paramLabel = "ROUTE_DIR", description = "Directories of routes (default: routes).")
    List<Path> directories = List.of();

    @Mixin
    NodeOptions node = new NodeOptions();

    @Override
    public Integer call() throws Exception {
        Path home = Home.routes();
        Settings settings = node.settings(System.getenv());
        RouteLayout layout = RouteLayout.of(directories.isEmpty() ? List.of(home) : directories, home);
        return Node.runUntilTerminated(
                new Application.Options(layout, node.host, Node.port(node, settings), node.data, node.insecure),
                settings);
    }
}
