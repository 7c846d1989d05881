package dev.segno.cli;

import dev.segno.RouteLayout;
import dev.segno.camel.RouteRuntime;
import dev.segno.camel.yaml.CheckSettings;
import dev.segno.camel.yaml.CheckedRouteFile;
import dev.segno.camel.yaml.Problem;
import dev.segno.camel.yaml.RouteFiles;
import dev.segno.camel.yaml.SchemaPasses;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code segno validate}: tells what is wrong with route files, and starts nothing. */
@Command(
        name = "validate",
        description = "Checks the routes of one or more directories, and starts nothing.",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:no errors; there may be warnings", "1:errors, or a directory without routes", "2:wrong usage"
        },
        mixinStandardHelpOptions = true)
final class ValidateCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    @Parameters(paramLabel = "ROUTE_DIR", description = "Directories of routes (default: routes).")
    List<Path> directories = List.of();

    @Override
    public Integer call() {
        Path home = Home.routes();
        RouteLayout layout = RouteLayout.of(directories.isEmpty() ? List.of(home) : directories, home);
        List<Problem> problems = new ArrayList<>();
        List<CheckedRouteFile> all =
                RouteRuntime.check(layout.routes(), layout.jars(), CheckSettings.DEFAULT, SchemaPasses.NONE);
        all.forEach(checked -> problems.addAll(checked.problems()));
        problems.addAll(RouteFiles.together(all));
        problems.addAll(layout.leftOut());
        PrintWriter out = spec.commandLine().getOut();
        problems.stream().sorted().forEach(out::println);
        long errors = problems.stream().filter(Problem::isError).count();
        out.println(count(all.size(), "file") + ", " + count(errors, "error") + ", "
                + count(problems.size() - errors, "warning"));
        out.flush();
        return errors == 0 ? 0 : 1;
    }

    private static String count(long number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }
}
