package dev.segno.cli;

import dev.segno.client.SegnoClient;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code segno signal}: sends a signal into a run. */
@Command(
        name = "signal",
        description = "Sends a signal into a run that waits for it, or will.",
        exitCodeList = {"0:the signal is on disk", "1:the node refused it", "2:wrong usage"})
final class SignalCommand extends NodeCommand {

    @Parameters(index = "0", paramLabel = "RUN", description = "Its id.")
    String run = "";

    @Parameters(index = "1", paramLabel = "NAME", description = "What the run waits for.")
    String name = "";

    @Parameters(index = "2", arity = "0..1", paramLabel = "JSON", description = "What goes with it.")
    @Nullable
    String body;

    @Option(names = "--key", paramLabel = "KEY", description = "The same key is the same signal.")
    @Nullable
    String key;

    @Override
    int call(SegnoClient client, PrintWriter out) {
        out.println(client.signal(run, name, NodeClientOptions.json(commandLine(), body), key));
        return 0;
    }
}
