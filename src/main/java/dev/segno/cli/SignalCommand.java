package dev.segno.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code segno signal}: sends a signal into a run. */
@Command(
        name = "signal",
        description = "Sends a signal into a run that waits for it, or will.",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:the signal is on disk", "1:the node refused it", "2:wrong usage"},
        mixinStandardHelpOptions = true)
final class SignalCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    @Mixin
    NodeClientOptions node = new NodeClientOptions();

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
    public Integer call() {
        spec.commandLine()
                .getOut()
                .println(node.client().signal(run, name, NodeClientOptions.json(spec.commandLine(), body), key));
        spec.commandLine().getOut().flush();
        return 0;
    }
}
