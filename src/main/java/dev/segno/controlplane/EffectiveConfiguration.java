package dev.segno.controlplane;

import dev.segno.control.SecretNames;
import dev.segno.control.Settings;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The settings as they count, and where each comes from, without what is secret. Thread-safe. */
final class EffectiveConfiguration implements ControlOperation {

    /** What counts where nobody has said anything else. */
    private static final Map<String, String> DEFAULTS = Map.ofEntries(
            Map.entry("PORT", "5099"),
            Map.entry("ENVIRONMENT", "development"),
            Map.entry("DEBUG", "false"),
            Map.entry("LOG_LEVEL", "INFO"),
            Map.entry("HTTP_CLIENT_TIMEOUT", "30s"),
            Map.entry("HTTP_RETRY_ATTEMPTS", "3"),
            Map.entry("HTTP_RETRY_BASE_MS", "150"),
            Map.entry("HTTP_CIRCUIT_ENABLED", "true"),
            Map.entry("REPORTING_URL", "http://reporting:5030"),
            Map.entry("NOTIFICATION_URL", "http://notification-service:5095"),
            Map.entry("SECURE_ANALYZER_URL", "http://secure-analyzer:5070"),
            Map.entry("ANALYSIS_SERVICE_URL", "http://analysis-service:5020"),
            Map.entry("CONSISTENCY_ENGINE_URL", "http://consistency-engine:5020"),
            Map.entry("ORCHESTRATOR_PEERS", ""),
            Map.entry("AUTH_MODE", "none"));

    private final Settings settings;

    EffectiveConfiguration(Settings settings) {
        this.settings = settings;
    }

    @Override
    public ControlAnswer answer(ControlRequest request) {
        Map<String, @Nullable Object> data = new TreeMap<>();
        DEFAULTS.forEach((name, value) -> data.put(name, entry(name, value, "default")));
        settings.known().forEach((name, setting) -> data.put(name, entry(name, setting.value(), setting.source())));
        return ControlAnswer.wrapped("settings as they count", data);
    }

    private static Map<String, @Nullable Object> entry(String name, String value, String source) {
        Map<String, @Nullable Object> entry = new LinkedHashMap<>();
        entry.put("value", Masking.value(name, value));
        entry.put("source", source);
        if (SecretNames.isSecret(name)) {
            entry.put("set", true);
        }
        return entry;
    }
}
