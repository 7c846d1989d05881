package dev.segno.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.segno.api.KeyResources;
import dev.segno.audit.Act;
import dev.segno.audit.Audit;
import dev.segno.client.SegnoClient;
import dev.segno.client.SegnoException;
import dev.segno.control.SettingsException;
import dev.segno.security.ApiException;
import dev.segno.security.StoredKeys;
import dev.segno.store.SqliteRunStore;
import dev.segno.store.StoreInUse;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
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
        SegnoClient node = new SegnoClient(url, key);
        return new KeyDesk() {
            @Override
            public JsonNode make(JsonNode wanted) {
                return send("POST", "/api/keys", wanted);
            }

            @Override
            public JsonNode list() {
                return send("GET", "/api/keys", null).path("keys");
            }

            @Override
            public JsonNode revoke(String id) {
                if (!id.matches("[0-9A-Z]{26}")) {
                    throw new SettingsException("That is no id of a key: 'segno keys list' shows them");
                }
                return send("DELETE", "/api/keys/" + id, null);
            }

            private JsonNode send(String method, String path, @Nullable JsonNode body) {
                try {
                    return node.call(method, path, body);
                } catch (SegnoException e) {
                    throw new SettingsException(
                            e.status() == 0 ? "No node answers at " + url : url + " refused that: " + e.getMessage(),
                            e);
                }
            }

            @Override
            public void close() {
                // The client ends with the process.
            }
        };
    }
}
