package dev.segno.camel.http;

import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.PlatformHttpComponent;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServer;

/**
 * Who has put what onto the router. Camel brings endpoints of its own, which let whoever calls them send messages, load and
 * store files, or look inside; none of them is to be there, whatever library or setting would have it (S7 in docs/proof.md). Safe
 * for concurrent use.
 */
final class RouterPlaces {

    private final Router router;
    private final Set<Route> ours;
    private final Map<AsyncHttpConsumer, Set<Route>> taken = new ConcurrentHashMap<>();

    /** What stands on the router by now is ours. */
    RouterPlaces(Router router) {
        this.router = router;
        this.ours = Set.copyOf(router.getRoutes());
    }

    /** How a consumer starts. */
    @FunctionalInterface
    interface Start {
        void run() throws Exception;
    }

    /** Starts a consumer, and remembers what it puts onto the router. Consumers start one at a time. */
    void started(AsyncHttpConsumer consumer, Start start) throws Exception {
        Set<Route> before = new HashSet<>(router.getRoutes());
        start.run();
        Set<Route> added = new HashSet<>(router.getRoutes());
        added.removeAll(before);
        taken.put(consumer, added);
    }

    void stopped(AsyncHttpConsumer consumer) {
        taken.remove(consumer);
    }

    /** What answers over HTTP although no route of the context does; empty as it should be. */
    List<String> undeclared(CamelContext camel) {
        List<String> found = new ArrayList<>();
        Set<Route> declared = new HashSet<>(ours);
        taken.forEach((consumer, places) -> {
            if (consumer.belongsToRoute()) {
                declared.addAll(places);
            }
        });
        for (Route place : router.getRoutes()) {
            if (!declared.contains(place)) {
                found.add(String.valueOf(place.getPath()));
            }
        }
        camel.getComponent("platform-http", PlatformHttpComponent.class)
                .getHttpManagementEndpoints()
                .forEach(endpoint -> found.add(endpoint.getUri()));
        if (camel.hasService(VertxPlatformHttpServer.class) != null) {
            found.add("an HTTP server of Camel's own");
        }
        if (Boolean.TRUE.equals(camel.isDevConsole())) {
            found.add("Camel's developer console");
        }
        return found;
    }
}
