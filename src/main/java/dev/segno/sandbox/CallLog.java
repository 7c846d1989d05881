package dev.segno.sandbox;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/** All calls that one stand-in received, in the order in which they came. */
final class CallLog {

    private final Clock clock;
    private final List<Call> calls = new ArrayList<>();

    CallLog(Clock clock) {
        this.clock = clock;
    }

    Call open(Request request, int underWay) {
        Call call = new Call(calls.size() + 1, request, clock.instant(), underWay);
        calls.add(call);
        return call;
    }

    int size() {
        return calls.size();
    }

    /** How many calls came while the work of another was under way. */
    long overlaps() {
        return calls.stream().filter(call -> call.overlaps() > 0).count();
    }

    ArrayNode json(CallFilter filter) {
        ArrayNode json = Json.object().arrayNode();
        calls.stream().filter(filter::shows).forEach(call -> json.add(call.json()));
        return json;
    }

    void clear() {
        calls.clear();
    }
}
