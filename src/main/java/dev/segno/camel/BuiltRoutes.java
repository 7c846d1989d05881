package dev.segno.camel;

import dev.segno.camel.http.Visited;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.ServiceStatus;
import org.apache.camel.component.platform.http.spi.PlatformHttpConsumerAware;
import org.apache.camel.support.service.ServiceHelper;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The routes that one build of a file has in the context. Those that runs pass through start when they are added; the
 * triggers stand still until they are told.
 *
 * <p>Used by one thread at a time.
 */
final class BuiltRoutes {
    private static final Logger LOG = LoggerFactory.getLogger(BuiltRoutes.class);

    private static final int SECONDS_TO_STOP = 10;

    /** What a route is to its file. */
    enum Role {
        /** Runs pass through it, or others of its file call it. */
        CALLED,
        /** Takes requests; two may stand on one path, and the second one gets what the first one passes on. */
        REQUESTS,
        /** Takes what is there once, such as a schedule's time: two must not do so. */
        EXCLUSIVE,
        /** A trigger that its file switches off. */
        OFF
    }

    private final CamelContext context;
    private final RunInterceptStrategy interceptor;
    private final Map<String, Role> roles = new LinkedHashMap<>();

    BuiltRoutes(CamelContext context, RunInterceptStrategy interceptor) {
        this.context = context;
        this.interceptor = interceptor;
    }

    /** Takes in a route that is about to be added. Doing it again changes nothing. */
    void add(String routeId, Role role) {
        roles.putIfAbsent(routeId, role);
    }

    /** The entry of runs; null if the file has none. */
    @Nullable
    OrchestrationConsumer entry() {
        for (String id : roles.keySet()) {
            Route route = context.getRoute(id);
            if (route != null && route.getConsumer() instanceof OrchestrationConsumer consumer) {
                return consumer;
            }
        }
        return null;
    }

    void start(Role role) throws Exception {
        for (String id : of(role)) {
            context.getRouteController().startRoute(id);
        }
    }

    /** Stops schedules and their like; what they have begun is waited for. */
    void stopExclusive() throws Exception {
        for (String id : of(Role.EXCLUSIVE)) {
            context.getRouteController().stopRoute(id, SECONDS_TO_STOP, TimeUnit.SECONDS);
        }
    }

    /** Takes no more requests: those to come go to whoever stands on the same path behind it, those under way go on. */
    void passRequestsOn() {
        for (String id : of(Role.REQUESTS)) {
            Route route = context.getRoute(id);
            if (route != null) {
                ServiceHelper.suspendService(route.getConsumer());
            }
        }
    }

    /** Whether nothing passes through; from then on no run will. */
    boolean retire() {
        if (roles.keySet().stream().anyMatch(this::isInUse)) {
            return false;
        }
        OrchestrationConsumer entry = entry();
        return entry == null || entry.retire();
    }

    private boolean isInUse(String id) {
        Route route = context.getRoute(id);
        boolean visited = route != null
                && route.getConsumer() instanceof PlatformHttpConsumerAware aware
                && aware.getPlatformHttpConsumer() instanceof Visited consumer
                && consumer.visits() > 0;
        return visited || context.getInflightRepository().size(id) > 0;
    }

    /** Takes the routes out of the context, whatever passes through. */
    void remove() {
        List<String> ids = new ArrayList<>(roles.keySet());
        // What calls goes before what is called.
        ids.sort((a, b) -> Boolean.compare(roles.get(a) == Role.CALLED, roles.get(b) == Role.CALLED));
        for (String id : ids) {
            try {
                ServiceStatus status = context.getRouteController().getRouteStatus(id);
                if (status != null && !status.isStopped()) {
                    context.getRouteController().stopRoute(id, SECONDS_TO_STOP, TimeUnit.SECONDS);
                }
                context.removeRoute(id);
            } catch (Exception e) {
                LOG.warn("Route {} could not be removed", id, e);
            }
            interceptor.dismiss(id);
        }
    }

    private List<String> of(Role role) {
        return roles.entrySet().stream()
                .filter(entry -> entry.getValue() == role)
                .map(Map.Entry::getKey)
                .toList();
    }
}
