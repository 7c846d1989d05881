package dev.segno.spec;

import dev.segno.Application;
import dev.segno.RouteLayout;
import dev.segno.camel.service.ServiceCalls;
import dev.segno.control.Settings;
import dev.segno.sandbox.Sandbox;
import java.net.URI;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A package of {@code routes/} that is served alone, in this process. */
final class ServedPackage {

    private ServedPackage() {}

    /** Starts it on a free port. */
    static Application start(String name, Path data, Settings settings) throws Exception {
        Path routes = Path.of("routes");
        return Application.start(
                new Application.Options(
                        RouteLayout.of(List.of(routes.resolve(name)), routes), "127.0.0.1", 0, data, false),
                settings);
    }

    static JsonClient client(Application node) {
        return new JsonClient(URI.create("http://127.0.0.1:" + node.port()));
    }

    /** Where stand-ins are, by the names of the settings that say so. */
    static Map<String, String> addresses(Sandbox sandbox, Collection<String> services) {
        Map<String, String> addresses = new LinkedHashMap<>();
        services.forEach(service -> addresses.put(
                ServiceCalls.addressSetting(service), sandbox.uri(service).toString()));
        return addresses;
    }
}
