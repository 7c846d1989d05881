package dev.segno.camel;

import org.apache.camel.LoggingLevel;
import org.apache.camel.impl.DefaultCamelContext;

/**
 * Camel's context, in which adding a route takes no longer the more there are: before it adds one, Camel removes what has its
 * name, and lists the endpoints of all routes for that also where nothing has it.
 */
final class RoutesContext extends DefaultCamelContext {

    @Override
    protected boolean removeRoute(String routeId, LoggingLevel loggingLevel) throws Exception {
        return getRouteServices().containsKey(routeId) && super.removeRoute(routeId, loggingLevel);
    }
}
