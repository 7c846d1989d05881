package dev.segno.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Stands in for a service of which nobody wants more than to hear that it is healthy. */
record Healthy(String name, String description) implements StandIn {

    @Override
    public void open(Desk desk) {}

    @Override
    public ObjectNode records(boolean ids) {
        return Json.object();
    }

    @Override
    public void reset() {}
}
