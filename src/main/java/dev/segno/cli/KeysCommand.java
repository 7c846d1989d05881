package dev.segno.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code segno keys}: makes, lists and takes back keys of callers. */
@Command(
        name = "keys",
        description = "Makes, lists and takes back the keys of callers.",
        mixinStandardHelpOptions = true,
        subcommands = {KeysCommand.Create.class, KeysCommand.Listing.class, KeysCommand.Revoke.class})
final class KeysCommand {

    @Command(
            name = "create",
            description = "Makes a key and prints it, once: it is kept as a digest alone.",
            mixinStandardHelpOptions = true)
    static final class Create implements Callable<Integer> {

        @Spec
        @SuppressWarnings("NullAway.Init") // set by picocli before call()
        private CommandSpec spec;

        @Parameters(paramLabel = "NAME", description = "Whom the key is for.")
        @SuppressWarnings("NullAway.Init") // set by picocli before call()
        private String name;

        @Option(
                names = "--role",
                required = true,
                paramLabel = "ROLE",
                description = "viewer, submitter, operator, editor, admin or peer.")
        @SuppressWarnings("NullAway.Init") // set by picocli before call()
        private String role;

        @Option(
                names = "--scope",
                split = ",",
                paramLabel = "NAME",
                description = "Orchestrations that it is good for (default: everything that the role may do).")
        private @Nullable List<String> scope;

        @Option(
                names = "--expires-in",
                paramLabel = "TIME",
                description = "When it ends, as 12h or 90d (default: never).")
        private @Nullable String expiresIn;

        @Mixin
        private KeysOptions keys = new KeysOptions();

        @Override
        public Integer call() throws Exception {
            ObjectNode wanted =
                    new ObjectMapper().createObjectNode().put("name", name).put("role", role);
            if (scope != null) {
                scope.forEach(wanted.putArray("scope")::add);
            }
            if (expiresIn != null) {
                wanted.put("expiresIn", expiresIn);
            }
            try (KeyDesk desk = keys.desk()) {
                JsonNode made = desk.make(wanted);
                spec.commandLine()
                        .getErr()
                        .println("key " + made.path("id").asText() + " for " + name + "; it is shown this once:");
                spec.commandLine().getErr().flush();
                spec.commandLine().getOut().println(made.path("key").asText());
                spec.commandLine().getOut().flush();
            }
            return 0;
        }
    }

    @Command(name = "list", description = "Lists the keys that were made.", mixinStandardHelpOptions = true)
    static final class Listing implements Callable<Integer> {

        @Spec
        @SuppressWarnings("NullAway.Init") // set by picocli before call()
        private CommandSpec spec;

        @Mixin
        private KeysOptions keys = new KeysOptions();

        @Override
        public Integer call() throws Exception {
            PrintWriter out = spec.commandLine().getOut();
            try (KeyDesk desk = keys.desk()) {
                for (JsonNode key : desk.list()) {
                    String end = key.path("live").asBoolean()
                            ? key.hasNonNull("expiresAt")
                                    ? "until " + key.path("expiresAt").asText()
                                    : "good"
                            : key.hasNonNull("revokedAt") ? "revoked" : "expired";
                    JsonNode scope = key.path("scope");
                    out.println(String.join(
                            "  ",
                            key.path("id").asText(),
                            key.path("prefix").asText(),
                            key.path("role").asText(),
                            key.path("name").asText(),
                            scope.isTextual() ? scope.asText() : scope.toString(),
                            end));
                }
            }
            out.flush();
            return 0;
        }
    }

    @Command(name = "revoke", description = "Takes a key back, for good.", mixinStandardHelpOptions = true)
    static final class Revoke implements Callable<Integer> {

        @Spec
        @SuppressWarnings("NullAway.Init") // set by picocli before call()
        private CommandSpec spec;

        @Parameters(paramLabel = "ID", description = "The key's id, as 'keys list' shows it.")
        @SuppressWarnings("NullAway.Init") // set by picocli before call()
        private String id;

        @Mixin
        private KeysOptions keys = new KeysOptions();

        @Override
        public Integer call() throws Exception {
            try (KeyDesk desk = keys.desk()) {
                JsonNode key = desk.revoke(id);
                spec.commandLine()
                        .getOut()
                        .println(key.path("prefix").asText() + " ("
                                + key.path("name").asText() + ") is revoked");
                spec.commandLine().getOut().flush();
            }
            return 0;
        }
    }
}
