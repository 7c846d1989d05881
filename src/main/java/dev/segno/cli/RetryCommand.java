package dev.segno.cli;

import dev.segno.client.SegnoClient;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code segno retry}: lets a parked run go on. */
@Command(
        name = "retry",
        description = "Lets a run that is parked or blocked go on at the step where it stands.",
        exitCodeList = {"0:it goes on", "1:the node refused that", "2:wrong usage"})
final class RetryCommand extends NodeCommand {

    @Parameters(paramLabel = "RUN", description = "Its id.")
    String run = "";

    @Override
    int call(SegnoClient client, PrintWriter out) {
        NodeClientOptions.print(out, client.retry(run));
        return 0;
    }
}
