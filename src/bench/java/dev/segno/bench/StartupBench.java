package dev.segno.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Goal P6: from the launcher's start to the first answered request, and the memory held then, with all of
 * {@code routes/} and without the sandbox. A first start, whose data directory is new, comes before the ones that count.
 *
 * <pre>{@code ./mvnw -q -Pbench package exec:exec -Dbench.main=dev.segno.bench.StartupBench}</pre>
 */
@Command(name = "startup-bench", mixinStandardHelpOptions = true, showDefaultValues = true)
public final class StartupBench implements Callable<Integer> {

    private static final double MEGABYTE = 1024 * 1024;

    @Option(names = "--starts", description = "Starts that count.")
    private int starts = 7;

    @Option(names = "--path", description = "What is asked for.")
    private String path = "/healthz";

    @Option(names = "--new-data", description = "Give each start a new data directory.")
    private boolean newData;

    @Mixin
    private BenchOptions options = new BenchOptions();

    public static void main(String[] args) {
        System.exit(new CommandLine(new StartupBench()).execute(args));
    }

    /** One start. */
    private record Start(double seconds, double cpuSeconds, double residentMegabytes) {
        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%.2f s, CPU %.2f s, %.0f MB", seconds, cpuSeconds, residentMegabytes);
        }
    }

    @Override
    public Integer call() throws IOException {
        try (BenchDirectory below = BenchDirectory.in(options.directory, "startup")) {
            System.out.println("first start: " + start(below.path().resolve("data")));
            List<Start> measured = new ArrayList<>();
            for (int i = 0; i < starts; i++) {
                Start start = start(below.path().resolve(newData ? "data-" + i : "data"));
                System.out.println(start);
                measured.add(start);
            }
            System.out.printf(
                    "median of %d starts (range): %s s, CPU %s s, %s MB%n",
                    starts,
                    Spread.of(measured.stream().map(Start::seconds).toList()).in("%.2f"),
                    Spread.of(measured.stream().map(Start::cpuSeconds).toList()).in("%.2f"),
                    Spread.of(measured.stream().map(Start::residentMegabytes).toList())
                            .in("%.0f"));
        }
        return 0;
    }

    private Start start(Path data) throws IOException {
        int port = BenchProcess.freePort();
        long begin = System.nanoTime();
        try (BenchProcess segno = BenchProcess.segno(
                List.of("run", "--port", String.valueOf(port), "--data", data.toString()),
                port,
                Map.of("ADMIN_KEY", "bench"),
                options.log)) {
            segno.awaitAnswer(path, "HTTP/1.1 200");
            double seconds = (System.nanoTime() - begin) / 1e9;
            return new Start(seconds, segno.cpuTime().toNanos() / 1e9, segno.residentBytes() / MEGABYTE);
        }
    }
}
