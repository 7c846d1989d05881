package dev.segno.sim;

import dev.segno.run.Payload;
import java.nio.charset.StandardCharsets;

/** Bodies are numbers in which everything leaves its mark that a body has passed through. */
final class Values {

    private Values() {}

    /** What the service answers to a call of this path with this body; likewise all other marks. */
    static long mix(long body, String path) {
        long mixed = body * 0x9E3779B97F4A7C15L + path.hashCode();
        return mixed ^ (mixed >>> 29);
    }

    static Payload.Inline payload(long body) {
        return new Payload.Inline(Payload.Kind.TEXT, Long.toString(body).getBytes(StandardCharsets.UTF_8));
    }

    static long body(Payload payload) {
        if (payload instanceof Payload.Inline inline) {
            return Long.parseLong(new String(inline.bytes(), StandardCharsets.UTF_8));
        }
        throw new IllegalArgumentException("Not a number: " + payload);
    }

    /** The body of the signal that an await gets. */
    static long signal(String path) {
        return mix(1, "signal " + path);
    }

    /** What a branch begins with. */
    static long branch(long body, int index) {
        return mix(body, "branch " + index);
    }
}
