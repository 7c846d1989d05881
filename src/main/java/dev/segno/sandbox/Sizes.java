package dev.segno.sandbox;

import com.fasterxml.jackson.databind.JsonNode;

/** Checks of sizes that {@code POST /_sandbox} sets. */
final class Sizes {

    private Sizes() {}

    /**
     * The whole number, if it lies in the range.
     *
     * @throws IllegalArgumentException if it does not
     */
    static int whole(String name, JsonNode value, int least, int most) {
        if (!value.isInt() || value.asInt() < least || value.asInt() > most) {
            throw new IllegalArgumentException(name + " is a whole number from " + least + " to " + most);
        }
        return value.asInt();
    }

    /**
     * The share, from 0 to 1.
     *
     * @throws IllegalArgumentException if it is none
     */
    static double share(String name, JsonNode value) {
        if (!value.isNumber() || value.asDouble() < 0 || value.asDouble() > 1) {
            throw new IllegalArgumentException(name + " is a number from 0 to 1");
        }
        return value.asDouble();
    }
}
