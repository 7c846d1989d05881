package dev.segno.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.Locale;

/**
 * The table of products that the maintainer writes: for each product the time of the version it holds, and how often the
 * product came by. Two arrays and no objects, since there are 300,000 rows and more.
 */
final class ProductRows {

    enum Outcome {
        INSERTED,
        UPDATED,
        SKIPPED
    }

    /** Seconds since 1970; 0: no such row. */
    private int[] metaUpdatedAt = new int[0];

    private int[] timesSeen = new int[0];

    /** Inserts the product, or updates it if this version is newer, or skips it. */
    Outcome put(int product, int updatedAt) {
        see(product);
        int before = metaUpdatedAt[product];
        if (before >= updatedAt) {
            return Outcome.SKIPPED;
        }
        metaUpdatedAt[product] = updatedAt;
        return before == 0 ? Outcome.INSERTED : Outcome.UPDATED;
    }

    /** The product came by, and its row was not written. */
    void lose(int product) {
        see(product);
    }

    int count() {
        return (int) Arrays.stream(metaUpdatedAt).filter(time -> time > 0).count();
    }

    /** The id of a product by its number. */
    static String id(int product) {
        return String.format(Locale.ROOT, "P%07d", product);
    }

    ObjectNode json(boolean ids) {
        ObjectNode json = Json.object()
                .put("rows", count())
                .put(
                        "distinctIds",
                        Arrays.stream(timesSeen).filter(times -> times > 0).count())
                .put("maxPerId", Arrays.stream(timesSeen).max().orElse(0));
        if (ids) {
            ObjectNode each = json.putObject("ids");
            for (int product = 0; product < timesSeen.length; product++) {
                if (timesSeen[product] > 0) {
                    each.put(id(product), timesSeen[product]);
                }
            }
        }
        return json;
    }

    void reset() {
        metaUpdatedAt = new int[0];
        timesSeen = new int[0];
    }

    private void see(int product) {
        if (product >= timesSeen.length) {
            int room = Math.max(1024, Math.max(product + 1, timesSeen.length * 2));
            timesSeen = Arrays.copyOf(timesSeen, room);
            metaUpdatedAt = Arrays.copyOf(metaUpdatedAt, room);
        }
        timesSeen[product]++;
    }
}
