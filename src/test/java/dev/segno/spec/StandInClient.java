package dev.segno.spec;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.stream.StreamSupport;

/** Calls one stand-in of the sandbox, as its users do and through its control interface. */
public final class StandInClient extends JsonClient {

    /** A client of the stand-in at this address, which has no path. */
    public StandInClient(URI base) {
        super(base);
    }

    /** Sets faults and sizes; fails unless the stand-in takes them. */
    public void control(String body) throws IOException, InterruptedException {
        expectOk(post("/_sandbox", body));
    }

    /** Forgets all calls, faults, sizes and records. */
    public void reset() throws IOException, InterruptedException {
        expectOk(send("DELETE", "/_sandbox", ""));
    }

    /** What the control interface shows. */
    public JsonNode sandbox() throws IOException, InterruptedException {
        return sandbox("");
    }

    /** What the control interface shows for a query, which begins with a question mark or is empty. */
    public JsonNode sandbox(String query) throws IOException, InterruptedException {
        return expectOk(get("/_sandbox" + query)).body();
    }

    /** The calls received at this path, in order. */
    public List<JsonNode> calls(String path) throws IOException, InterruptedException {
        return StreamSupport.stream(sandbox("?path=" + path).path("calls").spliterator(), false)
                .toList();
    }

    private static Reply expectOk(Reply reply) {
        if (reply.status() != 200) {
            throw new AssertionError("The control interface refused: " + reply);
        }
        return reply;
    }
}
