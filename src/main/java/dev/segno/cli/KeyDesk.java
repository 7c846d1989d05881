package dev.segno.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.segno.api.KeyResources;
import dev.segno.audit.Act;
import dev.segno.audit.Audit;
import dev.segno.control.SettingsException;
import dev.segno.security.ApiException;
import dev.segno.security.StoredKeys;
import dev.segno.store.SqliteRunStore;
import dev.segno.store.StoreInUse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Where keys are made, listed and taken back; all speak of them as the API does. */
interface KeyDesk extends AutoCloseable {

    JsonNode make(JsonNode wanted) throws Exception;

    JsonNode list() throws Exception;

    JsonNode revoke(String id) throws Exception;

    @Override
    void close();

    /** The store of a node that is stopped. */
    static KeyDesk ofStore(Path data) {
        if (!Files.exists(data)) {
            throw new SettingsException("There is no store in " + data + ": name it with --data");
        }
        SqliteRunStore store;
        try {
            store = SqliteRunStore.open(data);
        } catch (StoreInUse e) {
            throw new SettingsException(
                    "A node is at work on " + data
                            + ": ask it, with --url http://127.0.0.1:8080 and the key of an admin in"
                            + " SEGNO_KEY, or stop it first",
                    e);
        }
        StoredKeys keys = new StoredKeys(Clock.systemUTC());
        keys.use(store.apiKeys());
        KeyResources resources = new KeyResources(keys, Clock.systemUTC());
        Audit audit = new Audit(store.auditLog(), Clock.systemUTC());
        String user = "cli:" + System.getProperty("user.name", "unknown");
        return new KeyDesk() {
            @Override
            public JsonNode make(JsonNode wanted) {
                return recorded("POST", "/api/keys", () -> resources.made(wanted, user));
            }

            @Override
            public JsonNode list() {
                return resources.listed().path("keys");
            }

            @Override
            public JsonNode revoke(String id) {
                return recorded("DELETE", "/api/keys/" + id, () -> resources.revoked(id));
            }

            private JsonNode recorded(String action, String target, Supplier<JsonNode> work) {
                Act act = new Act(user, action, target, "-", null);
                try {
                    JsonNode done = work.get();
                    audit.done(act, null, null);
                    return done;
                } catch (ApiException e) {
                    audit.refused(act, e.error().message());
                    throw new SettingsException(e.error().message(), e);
                }
            }

            @Override
            public void close() {
                store.close();
            }
        };
    }

    /** A node that runs. */
    static KeyDesk ofNode(URI url, @Nullable String key) {
        if (key == null || key.isBlank()) {
            throw new SettingsException("SEGNO_KEY is not set: put the key of an admin there");
        }
        ObjectMapper json = new ObjectMapper();
        HttpClient http =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
        return new KeyDesk() {
            @Override
            public JsonNode make(JsonNode wanted) throws Exception {
                return send("POST", "/api/keys", HttpRequest.BodyPublishers.ofString(wanted.toString()));
            }

            @Override
            public JsonNode list() throws Exception {
                return send("GET", "/api/keys", HttpRequest.BodyPublishers.noBody())
                        .path("keys");
            }

            @Override
            public JsonNode revoke(String id) throws Exception {
                if (!id.matches("[0-9A-Z]{26}")) {
                    throw new SettingsException("That is no id of a key: 'segno keys list' shows them");
                }
                return send("DELETE", "/api/keys/" + id, HttpRequest.BodyPublishers.noBody());
            }

            private JsonNode send(String method, String path, HttpRequest.BodyPublisher body) throws Exception {
                String base = url.toString().replaceAll("/+$", "");
                HttpRequest request = HttpRequest.newBuilder(URI.create(base + path))
                        .timeout(Duration.ofSeconds(30))
                        .header("X-Api-Key", key)
                        .header("Content-Type", "application/json")
                        .method(method, body)
                        .build();
                HttpResponse<String> answer;
                try {
                    answer = http.send(request, HttpResponse.BodyHandlers.ofString());
                } catch (IOException e) {
                    throw new SettingsException("No node answers at " + base, e);
                }
                JsonNode document = json.readTree(answer.body());
                if (answer.statusCode() >= 300) {
                    throw new SettingsException(base + " refused that: "
                            + document.path("error").path("message").asText("status " + answer.statusCode()));
                }
                return document;
            }

            @Override
            public void close() {
                // The client ends with the process.
            }
        };
    }
}
