package dev.segno.controlplane;

import dev.segno.control.Settings;
import dev.segno.security.OutboundRules;
import java.time.Clock;
import java.util.Map;

/** Puts the operations together. */
public final class ControlPlane {

    private ControlPlane() {}

    /** The operations of a node. */
    public static ControlOperations operations(Settings settings, Clock clock) {
        return new ControlOperations(Map.of(
                "health", new Health(settings, clock), "allowed-urls", new AllowedUrls(OutboundRules.from(settings))));
    }
}
