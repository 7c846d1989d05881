package dev.segno.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The one way to look into a stand-in and to upset it, at {@code /_sandbox} of its port.
 *
 * <ul>
 *   <li>{@code GET ?path=&correlation_id=&since=&ids=true}: the calls received and what was done;
 *   <li>{@code POST}: a fault, or {@code {"faults":[…]}} and sizes by their names, or both;
 *   <li>{@code DELETE}: forgets everything, sizes and faults as well.
 * </ul>
 *
 * Calls to it are in no log.
 */
final class ControlInterface {

    private static final String PATH = "/_sandbox";

    private final StandIn standIn;
    private final Desk desk;

    ControlInterface(StandIn standIn, Desk desk) {
        this.standIn = standIn;
        this.desk = desk;
    }

    void mount(Router router) {
        router.route(HttpMethod.GET, PATH).handler(context -> answer(context, this::show));
        router.route(HttpMethod.POST, PATH).handler(context -> answer(context, this::change));
        router.route(HttpMethod.DELETE, PATH).handler(context -> answer(context, this::reset));
    }

    private ObjectNode show(Request request) {
        ObjectNode state = desk.state("true".equals(request.query().get("ids")));
        return state.set("calls", desk.calls().json(CallFilter.of(request)));
    }

    private ObjectNode change(Request request) {
        JsonNode wish = request.json();
        if (!wish.isObject()) {
            throw new IllegalArgumentException("The body is a JSON object: a fault, or faults and sizes");
        }
        if (wish.has("fault")) {
            desk.faults().add(Fault.of(wish));
            return desk.state(false);
        }
        List<Fault> faults = new ArrayList<>();
        wish.path("faults").forEach(fault -> faults.add(Fault.of(fault)));
        for (Map.Entry<String, JsonNode> size : wish.properties()) {
            if (!size.getKey().equals("faults") && !standIn.size(size.getKey(), size.getValue())) {
                throw new IllegalArgumentException("Unknown size '" + size.getKey() + "': " + standIn.name() + " has "
                        + standIn.sizes().properties().stream()
                                .map(Map.Entry::getKey)
                                .toList());
            }
        }
        faults.forEach(desk.faults()::add);
        return desk.state(false);
    }

    private ObjectNode reset(Request request) {
        desk.reset();
        return desk.state(false);
    }

    private static void answer(RoutingContext context, Function<Request, ObjectNode> action) {
        Answer answer;
        try {
            answer = Answer.json(200, action.apply(Request.of(context)));
        } catch (IllegalArgumentException e) {
            answer = Answer.error(400, "Bad request", String.valueOf(e.getMessage()));
        }
        Reply.write(context.response(), answer);
    }
}
