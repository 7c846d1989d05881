package dev.segno.spec;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.segno.Application;
import dev.segno.control.Settings;
import dev.segno.sandbox.Sandbox;
import dev.segno.sandbox.SandboxSettings;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The shopping assistant alone on a port, in this process, with stand-ins for the services that it calls. */
public final class ShoppingNode implements AutoCloseable {

    private static final List<String> SERVICES = List.of("media-service", "catalog-service", "response-composer");

    private final Sandbox sandbox;
    private final Application application;
    private final JsonClient http;

    private ShoppingNode(Sandbox sandbox, Application application) {
        this.sandbox = sandbox;
        this.application = application;
        this.http = ServedPackage.client(application);
    }

    /** Starts one; settings come before those that it needs. */
    static ShoppingNode start(Path data, Map<String, String> more) throws Exception {
        Map<String, Integer> ports = new HashMap<>();
        SERVICES.forEach(name -> ports.put(name, 0));
        Sandbox sandbox = Sandbox.start(new SandboxSettings(ports, "k"));
        Map<String, String> settings = new HashMap<>(Map.of("HTTP_BACKOFF", "10"));
        settings.putAll(ServedPackage.addresses(sandbox, List.of("media-service", "catalog-service")));
        settings.putAll(more);
        try {
            return new ShoppingNode(sandbox, ServedPackage.start("shopping-assistant", data, Settings.of(settings)));
        } catch (Exception | Error e) {
            sandbox.close();
            throw e;
        }
    }

    Application application() {
        return application;
    }

    JsonClient http() {
        return http;
    }

    StandInClient media() {
        return new StandInClient(sandbox.uri("media-service"));
    }

    StandInClient catalog() {
        return new StandInClient(sandbox.uri("catalog-service"));
    }

    StandInClient composer() {
        return new StandInClient(sandbox.uri("response-composer"));
    }

    /** Forgets all calls and faults; the catalog answers at once. */
    void calm() throws Exception {
        for (String name : SERVICES) {
            new StandInClient(sandbox.uri(name)).reset();
        }
        catalog().control("{\"leastMs\":0,\"mostMs\":0}");
    }

    JsonClient.Reply search(String user, String message) throws Exception {
        return http.post("/api/v1/search", body(user, message, ""));
    }

    JsonClient.Reply chat(String user, String session, String message) throws Exception {
        return http.post("/api/v1/chat", body(user, message, ",\"session_id\":\"" + session + "\""));
    }

    static String body(String user, String message, String more) {
        return "{\"user_id\":\"" + user + "\",\"message\":\"" + message + "\"" + more + "}";
    }

    JsonClient.Reply clarify(String session, String answer) throws Exception {
        return http.post("/api/v1/sessions/" + session + "/clarify", "{\"answer\":\"" + answer + "\"}");
    }

    /** The inner part of a session that is there. */
    JsonNode session(String id) throws Exception {
        JsonClient.Reply reply = http.get("/api/v1/sessions/" + id);
        assertThat(reply.status()).as(reply.body().toString()).isEqualTo(200);
        return reply.body().path("session");
    }

    @Override
    public void close() {
        application.close();
        sandbox.close();
    }
}
