package dev.segno.cli;

import picocli.CommandLine.Command;

/** {@code segno}: the command that holds the others. */
@Command(
        name = "segno",
        description = "Durable orchestration on Apache Camel.",
        mixinStandardHelpOptions = true,
        versionProvider = SegnoCommand.Version.class,
        subcommands = {
            RunCommand.class,
            ValidateCommand.class,
            TestCommand.class,
            DemoCommand.class,
            StartCommand.class,
            ShowCommand.class,
            SignalCommand.class,
            RetryCommand.class,
            KeysCommand.class,
            AuditCommand.class,
            SandboxCommand.class,
            RehearseCommand.class
        })
public final class SegnoCommand {

    /** The version in the program's manifest. */
    static final class Version implements picocli.CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = SegnoCommand.class.getPackage().getImplementationVersion();
            return new String[] {"segno " + (version == null ? "(built from classes)" : version)};
        }
    }
}
