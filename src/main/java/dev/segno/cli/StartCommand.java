package dev.segno.cli;

import dev.segno.client.SegnoClient;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code segno start}: starts a run on a node. */
@Command(
        name = "start",
        description = "Starts a run on a node; with --wait its end is waited for.",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:the run has started; with --wait, is completed",
            "1:it is not, or the node refused it",
            "2:wrong usage"
        },
        mixinStandardHelpOptions = true)
final class StartCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    @Mixin
    NodeClientOptions node = new NodeClientOptions();

    @Parameters(index = "0", paramLabel = "ORCHESTRATION", description = "What to run.")
    String orchestration = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "JSON", description = "Its input.")
    @Nullable
    String input;

    @Option(names = "--key", paramLabel = "KEY", description = "The same key and input find the same run.")
    @Nullable
    String key;

    @Option(names = "--wait", paramLabel = "SECONDS", description = "How long to wait for the end.")
    @Nullable
    Integer wait;

    @Override
    public Integer call() {
        SegnoClient client = node.client();
        String id = client.start(orchestration, NodeClientOptions.json(spec.commandLine(), input), key);
        PrintWriter out = spec.commandLine().getOut();
        if (wait == null) {
            out.println(id);
            out.flush();
            return 0;
        }
        return NodeClientOptions.print(out, client.await(id, Duration.ofSeconds(wait)));
    }
}
