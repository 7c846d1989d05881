package dev.segno.camel;

import java.util.Locale;
import org.apache.camel.LoggingLevel;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.SimpleTypeConverter;

/**
 * Camel's context, in which routes are added quicker. Before it adds one, Camel removes what has its name, and lists the endpoints
 * of all routes for that also where nothing has it. And it reads a level of logging for each node, asking all its converters in
 * vain whether one of them makes such a level of a text, before it looks at the level's names.
 */
final class RoutesContext extends DefaultCamelContext {

    RoutesContext() {
        getTypeConverterRegistry()
                .addTypeConverter(
                        LoggingLevel.class,
                        String.class,
                        new SimpleTypeConverter(
                                false,
                                (type, exchange, value) -> LoggingLevel.valueOf(
                                        value.toString().trim().toUpperCase(Locale.ROOT))));
    }

    @Override
    protected boolean removeRoute(String routeId, LoggingLevel loggingLevel) throws Exception {
        return getRouteServices().containsKey(routeId) && super.removeRoute(routeId, loggingLevel);
    }
}
