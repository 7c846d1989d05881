package dev.segno.camel.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.Collection;
import java.util.Objects;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What passes the checks is what Camel's own reader takes, and has as many routes for it as for us. */
class CamelAgreementTest {

    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.segno.camel.yaml.RouteCorpusTest#good")
    void readsWhatPassesTheChecks(String path) throws Exception {
        String text = Files.readString(RouteCorpusTest.root("good").resolve(path));
        RouteFile file = Objects.requireNonNull(
                RouteFileChecker.check(path, text, CheckSettings.DEFAULT).file());

        try (DefaultCamelContext context = new DefaultCamelContext()) {
            context.start();
            Collection<RoutesBuilder> builders = PluginHelper.getRoutesLoader(context)
                    .findRoutesBuilders(ResourceHelper.fromString(path.substring(path.lastIndexOf('/') + 1), text));
            int routes = 0;
            for (RoutesBuilder builder : builders) {
                RouteBuilder routeBuilder = (RouteBuilder) builder;
                // Builds the model only: no endpoint and no processor is made of it.
                routeBuilder.setCamelContext(context);
                routeBuilder.configure();
                routes += routeBuilder.getRouteCollection().getRoutes().size();
            }
            assertThat(routes).isEqualTo(file.routes().size());
        }
    }
}
