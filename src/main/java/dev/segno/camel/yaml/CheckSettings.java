package dev.segno.camel.yaml;

import java.util.Map;

/**
 * What files are checked against. Immutable.
 *
 * @param policy what a file may name
 * @param limits how large it may be
 * @param settings values that placeholders resolve to, by name; needed where a placeholder stands for a URI's
 *     component. Never shown in a problem
 */
public record CheckSettings(Policy policy, YamlLimits limits, Map<String, String> settings) {

    /** The default policy and limits, no settings. */
    public static final CheckSettings DEFAULT = new CheckSettings(Policy.DEFAULT, YamlLimits.DEFAULT, Map.of());

    public CheckSettings {
        settings = Map.copyOf(settings);
    }

    public CheckSettings withPolicy(Policy other) {
        return new CheckSettings(other, limits, settings);
    }

    public CheckSettings withSettings(Map<String, String> other) {
        return new CheckSettings(policy, limits, other);
    }
}
