package dev.segno.cli;

import dev.segno.sandbox.Sandbox;
import dev.segno.sandbox.SandboxSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code segno sandbox}: runs the stand-ins until it is terminated. */
@Command(
        name = "sandbox",
        description = "Runs stand-ins for the services that the example packages call.",
        mixinStandardHelpOptions = true)
public final class SandboxCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    @Option(
            names = "--port-offset",
            paramLabel = "N",
            description = "Added to every port of the table (default: ${DEFAULT-VALUE}).")
    private int portOffset = 0;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The table of services and ports (default: ${DEFAULT-VALUE}).")
    private Path config = Path.of("config/sandbox.yaml");

    /** Returns 1 if the stand-ins cannot be started, 0 once its thread is interrupted; the program's end ends it too. */
    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        try (Sandbox sandbox = Sandbox.start(SandboxSettings.read(config, portOffset, System.getenv()))) {
            out.println("Stand-ins (look into one at /_sandbox on its port):");
            out.println(sandbox.table());
            out.flush();
            new CountDownLatch(1).await();
            return 0;
        } catch (InterruptedException e) {
            return 0;
        } catch (IOException | IllegalArgumentException e) {
            err.println(e.getMessage());
            err.flush();
            return 1;
        }
    }
}
