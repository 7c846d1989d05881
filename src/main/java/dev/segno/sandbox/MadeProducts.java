package dev.segno.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Products that are made from their numbers when they are asked for, and never kept: type, marketplace, brand and color
 * follow from the number's remainders, price and rating from a hash of it. One in 50 has no price, one in 20 no rating.
 */
final class MadeProducts {

    static final int USUAL = 100_000;

    static final List<String> MARKETPLACES = List.of("amazon", "walmart", "ebay", "kroger", "target");

    private static final List<String> TYPES = List.of(
            "laptop",
            "headphones",
            "running shoes",
            "shoes",
            "phone",
            "tablet",
            "monitor",
            "camera",
            "coffee maker",
            "backpack");

    private static final List<List<String>> BRANDS = List.of(
            List.of("Dell", "HP", "Lenovo", "Apple", "Asus"),
            List.of("Sony", "Bose", "JBL", "Sennheiser", "Beats"),
            List.of("Nike", "Adidas", "Asics", "New Balance", "Puma"),
            List.of("Nike", "Adidas", "Reebok", "New Balance", "Puma"),
            List.of("Samsung", "Apple", "Google", "Motorola", "Xiaomi"),
            List.of("Apple", "Samsung", "Lenovo", "Microsoft", "Google"),
            List.of("Dell", "LG", "Samsung", "Asus", "Acer"),
            List.of("Canon", "Nikon", "Sony", "Panasonic", "Fitbit"),
            List.of("Philips", "Bosch", "KitchenAid", "Panasonic", "LG"),
            List.of("Nike", "Adidas", "Puma", "Reebok", "Asics"));

    private static final List<String> COLORS = List.of("black", "white", "red", "blue", "green", "gray");
    private static final List<String> CONDITIONS = List.of("new", "new", "new", "used", "refurbished");

    /** Lowest and highest price of each type. */
    private static final int[][] PRICES = {
        {250, 3000},
        {15, 600},
        {30, 250},
        {25, 300},
        {100, 1500},
        {80, 1400},
        {90, 1200},
        {150, 3500},
        {20, 500},
        {15, 200}
    };

    private int count = USUAL;

    int count() {
        return count;
    }

    void count(int changed) {
        count = changed;
    }

    /** The numbers of the products of a type, of all for a type that is not given; none for one that is not made. */
    int[] ofType(String type) {
        if (type.isEmpty()) {
            return IntStream.range(0, count).toArray();
        }
        int index = TYPES.indexOf(type.toLowerCase(Locale.ROOT));
        return index < 0
                ? new int[0]
                : IntStream.iterate(index, number -> number < count, number -> number + TYPES.size())
                        .toArray();
    }

    Optional<Product> find(String id) {
        int at = id.lastIndexOf('_');
        if (at < 0 || !id.substring(at + 1).matches("\\d{1,7}")) {
            return Optional.empty();
        }
        int number = Integer.parseInt(id.substring(at + 1));
        return number < count && product(number).id().equals(id) ? Optional.of(product(number)) : Optional.empty();
    }

    Product product(int number) {
        int type = number % TYPES.size();
        int inType = number / TYPES.size();
        String marketplace = MARKETPLACES.get(inType % MARKETPLACES.size());
        int chance = Math.floorMod((number * 0x9E3779B9) >>> 8, 1_000_000);
        int low = PRICES[type][0];
        int high = PRICES[type][1];
        return new Product(
                marketplace + "_" + number,
                TYPES.get(type),
                marketplace,
                BRANDS.get(type).get(inType / 5 % 5),
                COLORS.get(inType / 25 % COLORS.size()),
                CONDITIONS.get(inType / 7 % CONDITIONS.size()),
                inType % 50 == 49 ? null : low + chance % (high - low) + 0.99,
                inType % 20 == 19 ? null : 1 + chance % 41 / 10.0,
                chance % 5000);
    }

    /** One of them. */
    record Product(
            String id,
            String type,
            String marketplace,
            String brand,
            String color,
            String condition,
            @Nullable Double price,
            @Nullable Double rating,
            int reviews) {

        /** Whether it is what a requirement asks for; one without a price is not left out for its price. */
        boolean fits(JsonNode spec) {
            return fitsPrice(spec.path("price"))
                    && isOneOf(brand, spec.path("brand_preferences"))
                    && (!spec.path("rating_min").isNumber()
                            || (rating != null
                                    && rating >= spec.path("rating_min").asDouble()))
                    && isText(condition, spec.path("condition"))
                    && isText(color, spec.at("/attributes/color"));
        }

        private boolean fitsPrice(JsonNode wished) {
            Double known = price;
            return known == null
                    || ((!wished.path("min").isNumber()
                                    || known >= wished.path("min").asDouble())
                            && (!wished.path("max").isNumber()
                                    || known <= wished.path("max").asDouble()));
        }

        private static boolean isOneOf(String value, JsonNode wished) {
            boolean found = wished.isEmpty();
            for (JsonNode one : wished) {
                found |= one.asText().equalsIgnoreCase(value);
            }
            return found;
        }

        private static boolean isText(String value, JsonNode wished) {
            return !wished.isTextual() || wished.asText().equalsIgnoreCase(value);
        }

        /** The same with what a search does not tell. */
        ObjectNode detail() {
            ObjectNode json = json().put("seller_name", brand + " at " + marketplace);
            json.withObject("attributes").put("warranty_months", reviews % 2 == 0 ? 12 : 24);
            return json;
        }

        ObjectNode json() {
            String url = "http://shop.test/" + marketplace + "/" + id;
            ObjectNode json = Json.object()
                    .put("product_id", id)
                    .put("marketplace", marketplace)
                    .put("title", brand + " " + type + " " + color)
                    .put("price", price)
                    .put("currency", "USD")
                    .put("rating", rating)
                    .put("review_count", reviews)
                    .put("availability", "in_stock")
                    .put("image_url", url + ".jpg")
                    .put("deep_link", url)
                    .put("marketplace_url", url)
                    .putNull("seller_name");
            json.putObject("attributes").put("brand", brand).put("color", color).put("condition", condition);
            return json;
        }
    }
}
