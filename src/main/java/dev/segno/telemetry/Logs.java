package dev.segno.telemetry;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import dev.segno.control.Settings;
import dev.segno.control.SettingsCatalog;
import dev.segno.control.SettingsException;
import dev.segno.run.LogIds;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.slf4j.ILoggerFactory;
import org.slf4j.LoggerFactory;

/**
 * How this process writes its log: for people or for machines, and whether a collector gets it too. Takes back at its end
 * what it changed. Where something else than Logback writes the log, all is left as it is.
 */
public final class Logs implements AutoCloseable {

    private final Deque<Runnable> undo = new ArrayDeque<>();
    private Optional<LogShipping> shipping = Optional.empty();

    private Logs() {}

    /**
     * Writes the log as the settings say.
     *
     * @throws SettingsException when one of them is not good
     */
    public static Logs apply(Settings settings) {
        boolean json = settings.get(SettingsCatalog.LOG_FORMAT).equals("json");
        Optional<URI> collector =
                settings.find(SettingsCatalog.LOG_COLLECTOR_URL).map(Logs::address);
        Logs logs = new Logs();
        ILoggerFactory factory = LoggerFactory.getILoggerFactory();
        if (factory instanceof LoggerContext context) {
            Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
            rootLevel(settings).ifPresent(level -> logs.level(level, root));
            if (settings.find(SettingsCatalog.ACCESS_LOG_LEVEL.name()).isPresent()) {
                logs.level(settings.get(SettingsCatalog.ACCESS_LOG_LEVEL), context.getLogger("dev.segno.access"));
            }
            if (json) {
                logs.writeJson(context, root);
            }
            collector.ifPresent(address -> logs.ship(address, settings, context, root));
            if (json || collector.isPresent()) {
                LogIds.want(true);
                logs.undo.push(() -> LogIds.want(false));
            }
        }
        return logs;
    }

    private static URI address(String text) {
        try {
            URI address = URI.create(text);
            if (("http".equals(address.getScheme()) || "https".equals(address.getScheme()))
                    && address.getHost() != null) {
                return address;
            }
        } catch (IllegalArgumentException e) {
            // Answered below.
        }
        throw new SettingsException("setting LOG_COLLECTOR_URL must be an address such as http://127.0.0.1:5080");
    }

    /** What was asked for by one of the three settings that can ask. */
    private static Optional<String> rootLevel(Settings settings) {
        String level = settings.get(SettingsCatalog.LOG_LEVEL);
        if (settings.find(SettingsCatalog.LOG_LEVEL.name()).isPresent()) {
            return Optional.of(level);
        }
        return settings.find(SettingsCatalog.CONTRACT_LOG_LEVEL)
                .map(Logs::known)
                .or(() -> settings.get(SettingsCatalog.DEBUG) ? Optional.of("debug") : Optional.empty());
    }

    private static String known(String level) {
        if (Level.toLevel(level, null) == null) {
            throw new SettingsException("setting LOG_LEVEL must be one of " + SettingsCatalog.CONTRACT_LOG_LEVEL.range()
                    + ", not \"" + level + "\"");
        }
        return level;
    }

    private void level(String level, Logger logger) {
        Level before = logger.getLevel();
        logger.setLevel(Level.toLevel(level));
        undo.push(() -> logger.setLevel(before));
    }

    private void writeJson(LoggerContext context, Logger root) {
        Appender<ILoggingEvent> queue = root.getAppender("QUEUE");
        Appender<ILoggingEvent> target = queue instanceof AsyncAppender async ? async.getAppender("STDERR") : queue;
        if (target instanceof ConsoleAppender<ILoggingEvent> console) {
            Encoder<ILoggingEvent> before = console.getEncoder();
            JsonEncoder encoder = new JsonEncoder();
            encoder.setContext(context);
            encoder.setWithSequenceNumber(false);
            encoder.setWithNanoseconds(false);
            encoder.setWithContext(false);
            encoder.setWithMessage(false);
            encoder.setWithFormattedMessage(true);
            encoder.setWithArguments(false);
            encoder.start();
            console.setEncoder(encoder);
            undo.push(() -> console.setEncoder(before));
        }
    }

    private void ship(URI address, Settings settings, LoggerContext context, Logger root) {
        LogShipping appender = new LogShipping(address, settings.get(SettingsCatalog.OTEL_SERVICE_NAME));
        appender.setContext(context);
        appender.start();
        root.addAppender(appender);
        shipping = Optional.of(appender);
        undo.push(() -> {
            root.detachAppender(appender);
            appender.stop();
        });
    }

    /** Counts the lines that the collector did not get, where there is one. */
    public void tell(Metrics metrics) {
        shipping.ifPresent(appender -> metrics.addCount(
                "segno.log.lines.dropped", "Lines that the collector of logs did not get", appender::dropped));
    }

    @Override
    public void close() {
        while (!undo.isEmpty()) {
            undo.pop().run();
        }
    }
}
