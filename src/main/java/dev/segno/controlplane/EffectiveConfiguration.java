package dev.segno.controlplane;

import dev.segno.control.SecretNames;
import dev.segno.control.Settings;
import dev.segno.control.SettingsCatalog;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** The settings as they count, and where each comes from, without what is secret. Thread-safe. */
final class EffectiveConfiguration implements ControlOperation {

    private static final String PORT = SettingsCatalog.PORT.name();

    private final Settings settings;
    private final IntSupplier port;

    /** @param port on which this process listens, whatever the settings say */
    EffectiveConfiguration(Settings settings, IntSupplier port) {
        this.settings = settings;
        this.port = port;
    }

    @Override
    public ControlAnswer answer(ControlRequest request) {
        Map<String, @Nullable Object> data = new TreeMap<>();
        SettingsCatalog.all().stream()
                .filter(setting -> setting.fallback() != null)
                .forEach(setting -> data.put(
                        setting.environmentName(), entry(setting.environmentName(), setting.shown(), "default")));
        settings.known().forEach((name, setting) -> data.put(name, entry(name, setting.value(), setting.source())));
        String listening = String.valueOf(port.getAsInt());
        if (!listening.equals(settings.get(PORT, SettingsCatalog.PORT.shown()))) {
            data.put(PORT, entry(PORT, listening, "argument"));
        }
        return ControlAnswer.wrapped("settings as they count", data);
    }

    private static Map<String, @Nullable Object> entry(String name, String value, String source) {
        Map<String, @Nullable Object> entry = new LinkedHashMap<>();
        entry.put("value", source.equals("secret") ? Masking.MASK : Masking.value(name, value));
        entry.put("source", source);
        if (SecretNames.isSecret(name)) {
            entry.put("set", true);
        }
        return entry;
    }
}
