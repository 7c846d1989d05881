package dev.segno.camel;

import dev.segno.camel.RouteVersions.Build;
import dev.segno.run.Failpoint;
import dev.segno.run.Failpoints;
import org.jspecify.annotations.Nullable;

/** Puts a build in the place of another while requests and runs come. Used by one thread at a time. */
final class RouteSwap {

    private final RouteVersions versions;
    private final Failpoints failpoints = Failpoints.fromEnvironment();

    RouteSwap(RouteVersions versions) {
        this.versions = versions;
    }

    /**
     * Lets a build take the place of another. Requests find one of the two at each moment. On failure the old one stands
     * as before; the caller removes the new one.
     */
    void apply(@Nullable Build old, Build next) throws Exception {
        String oldName = old == null ? null : old.orchestration().orElse(null);
        String name = next.orchestration().orElse(null);
        String before = name == null ? null : versions.currentVersion(name).orElse(null);
        if (old != null) {
            failpoints.pass(Failpoint.RELOAD_BEFORE_SWAP);
            old.routes().stopExclusive();
            failpoints.pass(Failpoint.RELOAD_IN_SWAP);
        }
        try {
            next.routes().start(BuiltRoutes.Role.EXCLUSIVE);
            if (name != null) {
                versions.makeCurrent(name, next.version().hash());
            }
            next.routes().start(BuiltRoutes.Role.REQUESTS);
        } catch (Exception e) {
            if (name != null) {
                versions.restoreCurrent(name, before);
            }
            if (old != null) {
                next.routes().stopExclusive();
                old.routes().start(BuiltRoutes.Role.EXCLUSIVE);
            }
            throw e;
        }
        if (old != null) {
            failpoints.pass(Failpoint.RELOAD_AFTER_SWAP);
            old.routes().passRequestsOn();
            if (oldName != null && !oldName.equals(name)) {
                versions.restoreCurrent(oldName, null);
            }
            versions.retire(old);
        }
    }
}
