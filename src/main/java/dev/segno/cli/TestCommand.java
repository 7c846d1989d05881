package dev.segno.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import dev.segno.camel.yaml.Problem;
import dev.segno.testkit.CaseResult;
import dev.segno.testkit.TestSession;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code segno test}: does what the test files beside the routes say. */
@Command(
        name = "test",
        description = "Runs the files *.test.yaml of one or more directories of routes (see docs/testing.md).",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:all cases passed",
            "1:a case failed, or a directory cannot be used",
            "2:a route file or a test file is wrong, or there is no case; or wrong usage"
        },
        mixinStandardHelpOptions = true)
final class TestCommand implements Callable<Integer> {

    private static final String LOG_LEVEL = "SEGNO_LOG_LEVEL";
    private static final int FAILED = 1;
    private static final int WRONG_FILES = 2;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    @Parameters(paramLabel = "ROUTE_DIR", description = "Directories of routes (default: routes).")
    List<Path> directories = List.of();

    @Option(names = "--only", paramLabel = "TEXT", description = "Only the cases whose name has this text in it.")
    String only = "";

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        Map<Logger, Level> levels = quiet();
        try {
            return run(out);
        } finally {
            levels.forEach(Logger::setLevel);
        }
    }

    private int run(PrintWriter out) throws IOException {
        long begun = System.nanoTime();
        Path home = Home.routes();
        try (TestSession session = TestSession.open(directories.isEmpty() ? List.of(home) : directories, home)) {
            List<Problem> problems = session.problems();
            if (!problems.isEmpty()) {
                problems.stream().sorted().forEach(out::println);
                out.println("Nothing was run.");
                out.flush();
                return WRONG_FILES;
            }
            List<CaseResult> results = new ArrayList<>();
            for (TestSession.File file : session.files()) {
                run(file, results, out);
            }
            long failed = results.stream().filter(result -> !result.passed()).count();
            out.println(
                    results.isEmpty()
                            ? "There are no cases" + (only.isEmpty() ? "" : " with '" + only + "' in their name")
                                    + "; docs/testing.md tells how to write one"
                            : (results.size() - failed) + " passed, " + failed + " failed in "
                                    + seconds(Duration.ofNanos(System.nanoTime() - begun)));
            out.flush();
            return results.isEmpty() ? WRONG_FILES : failed == 0 ? 0 : FAILED;
        }
    }

    private void run(TestSession.File file, List<CaseResult> results, PrintWriter out) {
        List<TestSession.Case> cases =
                file.cases().stream().filter(one -> one.name().contains(only)).toList();
        if (cases.isEmpty()) {
            return;
        }
        out.println(file.path());
        for (TestSession.Case one : cases) {
            CaseResult result = one.run();
            results.add(result);
            out.printf(
                    "  %s  %-60s %6d ms%n",
                    result.passed() ? "passed" : "FAILED",
                    result.name(),
                    result.took().toMillis());
            if (!result.passed()) {
                result.report().forEach(line -> out.println("          " + line));
            }
            out.flush();
        }
    }

    /** Runs that fail on purpose would fill the screen; whoever sets a level wants to see that. Returns what was set. */
    private static Map<Logger, Level> quiet() {
        Map<Logger, Level> levels = new HashMap<>();
        if (System.getenv(LOG_LEVEL) == null && LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            for (Logger logger : context.getLoggerList()) {
                Level level = logger.getLevel();
                if (level != null) {
                    levels.put(logger, level);
                    logger.setLevel(Level.OFF);
                }
            }
        }
        return levels;
    }

    private static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
    }
}
