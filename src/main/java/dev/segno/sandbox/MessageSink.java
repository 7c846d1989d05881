package dev.segno.sandbox;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.http.HttpMethod;
import java.util.ArrayList;
import java.util.List;

/** Stands in for whoever takes messages by HTTP: keeps what arrives, and gives each message a number. */
final class MessageSink implements StandIn {

    private final String name;
    private final String description;
    private final List<ObjectNode> messages = new ArrayList<>();

    MessageSink(String name, String description) {
        this.name = name;
        this.description = description;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String description() {
        return description;
    }

    @Override
    public void open(Desk desk) {
        desk.on(HttpMethod.POST, "/", Operation.work(this::take));
    }

    @Override
    public ObjectNode records(boolean ids) {
        ObjectNode records = Json.object().put("messages", messages.size());
        ArrayNode list = Json.object().arrayNode();
        messages.forEach(list::add);
        return ids ? records.set("list", list) : records;
    }

    @Override
    public void reset() {
        messages.clear();
    }

    private Answer take(Request request) {
        ObjectNode message = Json.object();
        message.set("body", request.json());
        messages.add(message);
        return Answer.json(200, Json.object().put("message_id", name + "-" + messages.size()));
    }
}
