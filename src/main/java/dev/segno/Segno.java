package dev.segno;

import dev.segno.cli.SegnoCommand;
import dev.segno.control.SettingsException;
import dev.segno.security.SerializedObjects;
import dev.segno.store.StoreInUse;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

/** The program's entry: hands the command line to the commands and turns their results into exit codes. */
public final class Segno {

    private Segno() {}

    public static void main(String[] args) {
        SerializedObjects.refuse();
        CommandLine commands = new CommandLine(new SegnoCommand());
        commands.setExecutionExceptionHandler((failure, command, parsed) -> {
            if (isForUsers(failure)) {
                command.getErr().println("segno: " + failure.getMessage());
            } else {
                LoggerFactory.getLogger(Segno.class).error("Segno could not go on", failure);
            }
            return CommandLine.ExitCode.SOFTWARE;
        });
        System.exit(commands.execute(args));
    }

    /** Whether a failure is one of the kind that its one line explains: a setting, a directory, a port. */
    private static boolean isForUsers(Exception failure) {
        return failure instanceof SettingsException
                || failure instanceof StoreInUse
                || failure instanceof dev.segno.client.SegnoException
                || failure instanceof java.io.IOException
                || failure instanceof dev.segno.run.StoreUnavailable;
    }
}
