package dev.segno.cli;

import dev.segno.client.SegnoClient;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code segno show}: what has become of a run. */
@Command(
        name = "show",
        description = "Shows a run with its steps; with --follow what happens in it until it has ended or stands.",
        exitCodeList = {"0:the run is completed", "1:it is not, or not yet", "2:wrong usage"})
final class ShowCommand extends NodeCommand {

    @Parameters(paramLabel = "RUN", description = "Its id.")
    String run = "";

    @Option(names = "--follow", description = "Tell each step first, as it happens.")
    boolean follow;

    @Override
    int call(SegnoClient client, PrintWriter out) {
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
