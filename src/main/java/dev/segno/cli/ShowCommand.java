package dev.segno.cli;

import dev.segno.client.SegnoClient;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code segno show}: what has become of a run. */
@Command(
        name = "show",
        description = "Shows a run with its steps; with --follow what happens in it until it has ended or stands.",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:the run is completed", "1:it is not, or not yet", "2:wrong usage"},
        mixinStandardHelpOptions = true)
final class ShowCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    @Mixin
    NodeClientOptions node = new NodeClientOptions();

    @Parameters(paramLabel = "RUN", description = "Its id.")
    String run = "";

    @Option(names = "--follow", description = "Tell each step first, as it happens.")
    boolean follow;

    @Override
    public Integer call() {
        SegnoClient client = node.client();
        PrintWriter out = spec.commandLine().getOut();
        if (follow) {
            client.follow(run, event -> {
                if (event.type().equals("step")) {
                    out.println(event.data().path("endedAt").asText() + "  "
                            + event.data().path("key").asText());
                    out.flush();
                }
            });
        }
        return NodeClientOptions.print(out, client.run(run));
    }
}
