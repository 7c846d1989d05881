package dev.segno.shopping;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/** What operators are told of the assistant itself. Safe for use by many threads. */
final class AssistantStatus {

    private final Connections connections;
    private final TurnPlaces places;
    private final ShoppingSettings settings;
    private final BooleanSupplier isWritable;

    /** @param isWritable whether the store takes writes */
    AssistantStatus(Connections connections, TurnPlaces places, ShoppingSettings settings, BooleanSupplier isWritable) {
        this.connections = connections;
        this.places = places;
        this.settings = settings;
        this.isWritable = isWritable;
    }

    Map<String, ShoppingOperation> operations() {
        return Map.of(
                "connections", request -> done(sockets()),
                "ready", request -> done(ready()));
    }

    private ObjectNode sockets() {
        ObjectNode view = Json.object().put("total_connections", connections.count());
        ObjectNode sessions = view.putObject("sessions");
        connections.sessions().forEach(sessions::put);
        return view;
    }

    /** What is needed and what is taken here; how the services are is asked by the route. */
    private ObjectNode ready() {
        ObjectNode view = Json.object().put("store", isWritable.getAsBoolean() ? "ok" : "down");
        view.putObject("turns").put("under_way", places.count()).put("most", places.most());
        view.putObject("sockets").put("open", connections.count()).put("most", settings.sockets());
        return view;
    }

    private static CompletableFuture<ShoppingReply> done(ObjectNode body) {
        return CompletableFuture.completedFuture(ShoppingReply.of(200, body));
    }
}
