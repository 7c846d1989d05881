package dev.segno.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A stand-in for one service of somebody else. It says which operations the service has and what they do; the {@link Desk}
 * in front of it takes the calls. To add a service, write one such class, list it in {@link Sandbox} and give it a port in
 * {@code config/sandbox.yaml}.
 *
 * <p>Called on the sandbox's event loop only.
 */
interface StandIn {

    /** The service's name: its key in {@code config/sandbox.yaml}. */
    String name();

    /** What the service is, in a few words, for the table at start. */
    String description();

    /** Puts the service's operations on the desk. Called once, before the port is open. */
    void open(Desk desk);

    /** The current sizes, named as {@link #size} takes them; none if the service has none. */
    default ObjectNode sizes() {
        return Json.object();
    }

    /**
     * Changes one size.
     *
     * @return false if this service has no such size
     * @throws IllegalArgumentException if the value is not allowed, with a text for the caller
     */
    default boolean size(String name, JsonNode value) {
        return false;
    }

    /** What the service has done so far; with {@code ids} also the long list of every record's id. */
    ObjectNode records(boolean ids);

    /** Back to how it was at start. */
    void reset();

    /** Whether a repeated idempotency key is answered from its record; else the work is done again. */
    default boolean honoursKeys() {
        return true;
    }

    /** What {@code GET /health} answers. */
    default ObjectNode health() {
        return Json.object().put("status", "healthy").put("service", name());
    }

    /** The service's own way to say that it is busy. */
    default Answer busy() {
        return Answer.error(409, name() + " busy", "A call is still under way");
    }

    /** The service's own way to say that it failed. */
    default Answer failure(int status) {
        return Answer.error(status, "Injected fault", "The sandbox was asked to answer " + status);
    }
}
