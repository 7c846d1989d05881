package dev.segno.cli;

import dev.segno.client.SegnoClient;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command that talks to a node. */
@Command(exitCodeListHeading = "Exit codes:%n", mixinStandardHelpOptions = true)
abstract class NodeCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    @Mixin
    private NodeClientOptions node = new NodeClientOptions();

    @Override
    public final Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        int code = call(node.client(), out);
        out.flush();
        return code;
    }

    /**
     * Does what the command is for.
     *
     * @return the exit code
     */
    abstract int call(SegnoClient client, PrintWriter out);

    /** The command as it was given, for what is wrong with it. */
    CommandLine commandLine() {
        return spec.commandLine();
    }
}
