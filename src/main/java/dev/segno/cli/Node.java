package dev.segno.cli;

import dev.segno.Application;
import dev.segno.control.Settings;
import dev.segno.control.SettingsCatalog;
import dev.segno.control.SettingsException;
import java.util.concurrent.CountDownLatch;

/** A node in the foreground of this process. */
final class Node {

    private static final int MAX_PORT = 65_535;

    private Node() {}

    static int port(NodeOptions options, Settings settings) {
        Integer chosen = options.port;
        if (chosen != null) {
            if (chosen < 0 || chosen > MAX_PORT) {
                throw new SettingsException("--port " + chosen + " is no port: name one from 0 to " + MAX_PORT);
            }
            return chosen;
        }
        return settings.find(SettingsCatalog.ORCHESTRATOR_PORT).orElseGet(() -> settings.get(SettingsCatalog.PORT));
    }

    /** Starts a node and waits until the process is asked to end; steps under way are finished then. */
    static int runUntilTerminated(Application.Options options, Settings settings) throws Exception {
        Application application = Application.start(options, settings);
        CountDownLatch terminated = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            application.close();
                            terminated.countDown();
                        },
                        "segno-shutdown"));
        terminated.await();
        return 0;
    }
}
