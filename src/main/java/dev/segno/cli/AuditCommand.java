package dev.segno.cli;

import dev.segno.audit.AuditChain;
import dev.segno.control.SettingsException;
import dev.segno.run.StoreUnavailable;
import dev.segno.store.SqliteRunStore;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code segno audit}: looks at the audit record. */
@Command(
        name = "audit",
        description = "Looks at the audit record.",
        mixinStandardHelpOptions = true,
        subcommands = AuditCommand.Verify.class)
final class AuditCommand {

    @Command(
            name = "verify",
            description = "Verifies that no entry was changed or taken away; a node may be at work meanwhile.",
            exitCodeListHeading = "Exit codes:%n",
            exitCodeList = {"0:the record is whole", "1:it is not, or there is none", "2:wrong usage"},
            mixinStandardHelpOptions = true)
    static final class Verify implements Callable<Integer> {

        @Spec
        @SuppressWarnings("NullAway.Init") // set by picocli before call()
        private CommandSpec spec;

        @Option(
                names = "--data",
                paramLabel = "DIR",
                description = "Directory of the store (default: ${DEFAULT-VALUE}).")
        private Path data = Path.of("data");

        @Option(
                names = "--head",
                paramLabel = "N:HASH",
                description = "What an earlier verification printed: finds entries that are missing at the end.")
        private @Nullable String head;

        @Override
        public Integer call() {
            AuditChain.@Nullable Head expected = head == null
                    ? null
                    : AuditChain.Head.parse(head)
                            .orElseThrow(() -> new SettingsException(
                                    "--head must be what an earlier verification printed, N:HASH"));
            AuditChain chain = new AuditChain(expected);
            PrintWriter out = spec.commandLine().getOut();
            Optional<String> fault;
            try {
                fault = SqliteRunStore.verifyAudit(data, chain);
            } catch (StoreUnavailable e) {
                throw new SettingsException(String.valueOf(e.getMessage()), e);
            }
            if (fault.isPresent()) {
                out.println("The audit record is broken: " + fault.get());
            } else {
                out.println(chain.entries() + " entries are whole"
                        + (chain.unchained() == 0 ? "" : "; " + chain.unchained() + " are older than the chain"));
                chain.head().ifPresent(end -> out.println("head " + end));
            }
            out.flush();
            return fault.isPresent() ? 1 : 0;
        }
    }
}
