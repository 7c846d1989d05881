package dev.segno.camel;

import com.fasterxml.jackson.databind.JsonNode;
import dev.segno.camel.yaml.RouteFile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Route;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.ServiceStatus;
import org.apache.camel.component.kamelet.Kamelet;
import org.apache.camel.component.kamelet.KameletEndpoint;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.RouteTemplateDefinition;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.apache.camel.support.service.ServiceHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The kamelets of the context. Camel makes a route of a kamelet for each address that calls it. When the kamelet changes,
 * a second route is made beside each of them, and calls from then on go through it: callers are not rebuilt, and no run
 * notices but by what its next call does. Calls under way end in the route that they are in.
 *
 * <p>Used by one thread at a time.
 */
final class Kamelets {
    private static final Logger LOG = LoggerFactory.getLogger(Kamelets.class);

    private final DefaultCamelContext context;
    private final Map<String, String> texts = new HashMap<>();

    /** Routes that stand in for the one that was made first, by that one's id. */
    private final Map<String, String> successors = new HashMap<>();

    private final List<String> old = new ArrayList<>();
    private int changes;

    Kamelets(DefaultCamelContext context) {
        this.context = context;
    }

    /** Whether a kamelet of this name is known. */
    boolean isKnown(String name) {
        return texts.containsKey(name);
    }

    /**
     * Takes a kamelet in, or its new text.
     *
     * @return whether that changed anything
     * @throws Exception when Camel cannot build it, or not for one of its callers; nothing has changed then
     */
    boolean apply(RouteFile file) throws Exception {
        String name = file.name();
        if (file.canonical().equals(texts.get(name))) {
            return false;
        }
        RouteTemplateDefinition before = context.getRouteTemplateDefinition(name);
        if (before != null) {
            context.removeRouteTemplateDefinition(before);
        }
        List<Replacement> replacements = new ArrayList<>();
        try {
            add(file);
            for (KameletEndpoint endpoint : callersOf(name)) {
                replacements.add(new Replacement(endpoint));
            }
        } catch (Exception e) {
            replacements.forEach(Replacement::abandon);
            RouteTemplateDefinition failed = context.getRouteTemplateDefinition(name);
            if (failed != null) {
                context.removeRouteTemplateDefinition(failed);
            }
            if (before != null) {
                context.addRouteTemplateDefinition(before);
            }
            throw e;
        }
        texts.put(name, file.canonical());
        for (Replacement replacement : replacements) {
            replacement.takeOver();
        }
        return true;
    }

    /** Takes out routes that no call is in any more. */
    void sweep() {
        for (String id : List.copyOf(old)) {
            if (context.getInflightRepository().size(id) == 0) {
                remove(id);
                old.remove(id);
            }
        }
    }

    private void add(RouteFile file) throws Exception {
        JsonNode tree = file.tree().toJson();
        for (RoutesBuilder builder : PluginHelper.getRoutesLoader(context)
                .findRoutesBuilders(ResourceHelper.fromString(file.name() + ".kamelet.yaml", Json.text(tree)))) {
            context.addRoutes(builder);
        }
        if (context.getRouteTemplateDefinition(file.name()) == null) {
            throw new IllegalArgumentException("it defines another kamelet than its file's name says");
        }
    }

    private List<KameletEndpoint> callersOf(String name) {
        return context.getEndpoints().stream()
                .filter(KameletEndpoint.class::isInstance)
                .map(KameletEndpoint.class::cast)
                .filter(endpoint -> isCaller(endpoint, name))
                .toList();
    }

    /** Its own ends, {@code kamelet:source} and {@code kamelet:sink}, are endpoints of the same kind. */
    private static boolean isCaller(KameletEndpoint endpoint, String name) {
        return endpoint.getTemplateId().equals(name)
                && endpoint.getKameletProperties() != null
                && endpoint.getKameletProperties().containsKey(Kamelet.PARAM_TEMPLATE_ID);
    }

    private void remove(String routeId) {
        try {
            ServiceStatus status = context.getRouteController().getRouteStatus(routeId);
            if (status != null && !status.isStopped()) {
                context.getRouteController().stopRoute(routeId);
            }
            context.removeRoute(routeId);
        } catch (Exception e) {
            LOG.warn("Route {} of a kamelet could not be removed", routeId, e);
        }
    }

    /** The route of a changed kamelet for one address. It stands still until it takes over. */
    private final class Replacement {
        private final String address;
        private final String replaced;
        private final String routeId;

        Replacement(KameletEndpoint endpoint) throws Exception {
            String kamelet = endpoint.getTemplateId();
            changes++;
            address = endpoint.getRouteId();
            replaced = successors.getOrDefault(address, address);
            routeId = address + RouteVersions.AT + changes;
            Map<String, Object> parameters = new HashMap<>(endpoint.getKameletProperties());
            parameters.put(Kamelet.PARAM_UUID, routeId);
            context.addRouteTemplateDefinitionConverter(kamelet, this::besideTheOther);
            try {
                context.addRouteFromTemplate(routeId, kamelet, routeId, null, parameters);
            } catch (Exception e) {
                abandon();
                throw e;
            } finally {
                context.addRouteTemplateDefinitionConverter(kamelet, Kamelet::templateToRoute);
            }
        }

        /** Camel finds it by the same key, and yet it is another endpoint: of two routes on one, only one may start. */
        private RouteDefinition besideTheOther(RouteTemplateDefinition template, Map<String, Object> parameters) {
            RouteDefinition route = Kamelet.templateToRoute(template, parameters);
            route.getInput()
                    .setUri(route.getInput().getEndpointUri() + '&' + Kamelet.PARAM_LOCATION + "=change-" + changes);
            route.setAutoStartup("false");
            return route;
        }

        /** Callers wait for a moment, between the one and the other. */
        void takeOver() throws Exception {
            Route before = context.getRoute(replaced);
            if (before != null) {
                ServiceHelper.suspendService(before.getConsumer());
            }
            try {
                context.getRouteController().startRoute(routeId);
            } catch (Exception e) {
                if (before != null) {
                    ServiceHelper.resumeService(before.getConsumer());
                }
                throw e;
            }
            successors.put(address, routeId);
            old.add(replaced);
        }

        void abandon() {
            remove(routeId);
        }
    }
}
