package dev.segno.controlplane;

import dev.segno.control.Settings;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whether this process lives. Asks nothing of anybody. Thread-safe. */
final class Health implements ControlOperation {

    private final Settings settings;
    private final Clock clock;
    private final Instant startedAt;

    Health(Settings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
        this.startedAt = clock.instant();
    }

    @Override
    public ControlAnswer answer(ControlRequest request) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("status", "healthy");
        fields.put("service", Product.SERVICE);
        fields.put("version", Product.VERSION);
        fields.put("uptime_seconds", uptimeSeconds());
        fields.put("environment", settings.get("ENVIRONMENT", "development"));
        return ControlAnswer.flat(fields);
    }

    Instant startedAt() {
        return startedAt;
    }

    double uptimeSeconds() {
        return Duration.between(startedAt, clock.instant()).toMillis() / 1000.0;
    }
}
