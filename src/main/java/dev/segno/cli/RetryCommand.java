package dev.segno.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code segno retry}: lets a parked run go on. */
@Command(
        name = "retry",
        description = "Lets a run that is parked or blocked go on at the step where it stands.",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:it goes on", "1:the node refused that", "2:wrong usage"},
        mixinStandardHelpOptions = true)
final class RetryCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    @Mixin
    NodeClientOptions node = new NodeClientOptions();

    @Parameters(paramLabel = "RUN", description = "Its id.")
    String run = "";

    @Override
    public Integer call() {
        NodeClientOptions.print(spec.commandLine().getOut(), node.client().retry(run));
        return 0;
    }
}
