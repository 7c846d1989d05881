package dev.segno.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The product feed and the file into which the fetcher puts it; shared by the fetcher, which writes the file, and the
 * maintainer, which reads it. Products are numbered from 0 and never leave the feed. A file that nobody has fetched yet holds
 * the feed as it is now.
 */
final class ProductFeed {

    private static final int DEFAULT_PRODUCTS = 300_000;
    private static final int DEFAULT_LINE_BYTES = 2_000;
    private static final int MOST_PRODUCTS = 10_000_000;
    /** The second, since 1970, in which each product was first updated. */
    private static final int FIRST_UPDATED_AT = 1_700_000_000;

    private static final int SECONDS_BETWEEN_FETCHES = 86_400;

    private int products = DEFAULT_PRODUCTS;
    private int lineBytes = DEFAULT_LINE_BYTES;
    private double changedShare;
    private @Nullable String fileVersion;

    private int fetches;
    private int linesInFile;
    private int[] updatedAt = new int[0];

    boolean size(String name, JsonNode value) {
        switch (name) {
            case "products" -> products = Sizes.whole(name, value, 0, MOST_PRODUCTS);
            case "lineBytes" -> lineBytes = Sizes.whole(name, value, 1, 1_000_000);
            case "changedShare" -> changedShare = Sizes.share(name, value);
            case "fileVersion" -> fileVersion = value.isNull() ? null : value.asText();
            default -> {
                return false;
            }
        }
        return true;
    }

    ObjectNode sizes() {
        return Json.object()
                .put("products", products)
                .put("lineBytes", lineBytes)
                .put("changedShare", changedShare)
                .put("fileVersion", fileVersion);
    }

    /** Puts the feed into the file; from the second time on, the set share of the products has changed since. */
    void fetch() {
        fetches++;
        linesInFile = products;
        int known = updatedAt.length;
        if (known < products) {
            updatedAt = Arrays.copyOf(updatedAt, products);
            Arrays.fill(updatedAt, known, products, FIRST_UPDATED_AT);
        }
        if (fetches == 1) {
            return;
        }
        int now = FIRST_UPDATED_AT + fetches * SECONDS_BETWEEN_FETCHES;
        for (int product = 0; product < products; product++) {
            // Spread evenly and without chance: exactly share × products of them.
            if (Math.floor((product + 1) * changedShare) > Math.floor(product * changedShare)) {
                updatedAt[product] = now;
            }
        }
    }

    int fetches() {
        return fetches;
    }

    int linesInFile() {
        return fetches == 0 ? products : linesInFile;
    }

    /** The product's {@code meta.updatedAt}, in seconds since 1970. */
    int updatedAt(int product) {
        return product < updatedAt.length ? updatedAt[product] : FIRST_UPDATED_AT;
    }

    long fileBytes() {
        return (long) linesInFile() * lineBytes;
    }

    /** The version to name in answers, absent unless one is set. */
    @Nullable
    String fileVersion() {
        return fileVersion;
    }

    void reset() {
        products = DEFAULT_PRODUCTS;
        lineBytes = DEFAULT_LINE_BYTES;
        changedShare = 0;
        fileVersion = null;
        fetches = 0;
        linesInFile = 0;
        updatedAt = new int[0];
    }
}
