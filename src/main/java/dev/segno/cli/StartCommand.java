package dev.segno.cli;

import dev.segno.client.SegnoClient;
import java.io.PrintWriter;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code segno start}: starts a run on a node. */
@Command(
        name = "start",
        description = "Starts a run on a node; with --wait its end is waited for.",
        exitCodeList = {
            "0:the run has started; with --wait, is completed",
            "1:it is not, or the node refused it",
            "2:wrong usage"
        })
final class StartCommand extends NodeCommand {

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
    int call(SegnoClient client, PrintWriter out) {
        String id = client.start(orchestration, NodeClientOptions.json(commandLine(), input), key);
        if (wait == null) {
            out.println(id);
            return 0;
        }
        return NodeClientOptions.print(out, client.await(id, Duration.ofSeconds(wait)));
    }
}
