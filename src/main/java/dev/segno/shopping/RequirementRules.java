package dev.segno.shopping;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what somebody wants to buy out of a text, by rules: the same text always gives the same. Stateless. */
final class RequirementRules {

    private static final Pattern RATING = Pattern.compile(
            "(?:rated\\s+)?(?:at least|above|over|min(?:imum)?)?\\s*([0-5](?:\\.\\d)?)\\s*\\+?\\s*(?:-\\s*)?stars?(?:\\s+(?:or more|and up|or better|or higher))?"
                    + "|rat(?:ed|ing)\\s+(?:of\\s+)?(?:at least|above|over)?\\s*([0-5](?:\\.\\d)?)");

    private static final Pattern MEMORY =
            Pattern.compile("(?:at least\\s+)?(\\d{1,4})\\s*gb\\s*(?:of\\s+)?(?:ram|memory)");

    private static final Pattern STORAGE =
            Pattern.compile("(?:at least\\s+)?(\\d{1,5})\\s*(gb|tb)\\s*(?:of\\s+)?(?:ssd|hdd|storage|disk)");

    private static final Pattern SCREEN = Pattern.compile("(\\d{1,3}(?:\\.\\d)?)[\\s-]*(?:inch(?:es)?|\")");

    private static final Pattern SIZE = Pattern.compile("\\bsize\\s+(\\d{1,2}(?:\\.5)?|x{0,3}[sl]|m)\\b");

    private static final Pattern CONDITION =
            Pattern.compile("\\b(brand new|new|used|second[ -]hand|refurbished|renewed)\\b");

    private static final Pattern COLOR = Pattern.compile(
            "\\b(black|white|red|blue|green|yellow|pink|purple|orange|brown|gr[ea]y|silver|gold|beige)\\b");

    private static final Pattern FEATURE = Pattern.compile(
            "\\b(wireless|bluetooth|waterproof|gaming|portable|organic|noise[ -]cancell?ing|4k|oled|touchscreen)\\b");

    private static final Pattern MADE_BY = Pattern.compile("\\b(?:from|by|brand)\\s+([\\p{Lu}][\\p{L}&]{1,30})");

    private RequirementRules() {}

    /** What a text says. What it does not say is left out. */
    static ObjectNode read(String text) {
        ObjectNode said = Json.object();
        String rest = " " + text.toLowerCase(Locale.ROOT).replaceAll("\\s+", " ") + " ";
        rest = marketplaces(rest, said);
        rest = brands(rest, text, said);
        ObjectNode attributes = Json.object();
        rest = attributes(rest, attributes);
        rest = rating(rest, said);
        PriceReader.Price price = PriceReader.read(rest);
        if (price.isGiven()) {
            ObjectNode span = said.putObject("price");
            put(span, "min", price.min());
            put(span, "max", price.max());
            if (price.currency() != null) {
                span.put("currency", price.currency());
            }
        }
        rest = words(CONDITION, price.rest(), found -> said.put("condition", condition(found)));
        rest = words(COLOR, rest, found -> attributes.put("color", found.replace("grey", "gray")));
        rest = words(FEATURE, rest, found -> attributes.put(found.replaceAll("[ -]", "_"), true));
        if (!attributes.isEmpty()) {
            said.set("attributes", attributes);
        }
        String product = Products.typeIn(rest);
        if (!product.isEmpty()) {
            said.put("product_type", product);
        }
        return said;
    }

    private static void put(ObjectNode node, String name, @org.jspecify.annotations.Nullable BigDecimal value) {
        if (value != null) {
            node.put(name, value.stripTrailingZeros().scale() <= 0 ? value.setScale(0) : value);
        }
    }

    private static String marketplaces(String text, ObjectNode said) {
        List<String> found = new ArrayList<>();
        String rest = text;
        for (String market : Products.MARKETPLACES) {
            Matcher match = Pattern.compile("\\b(?:on|from|at|in)\\s+" + market + "\\b|"
                            + (market.equals("target") ? "\\btarget\\.com\\b" : "\\b" + market + "\\b"))
                    .matcher(rest);
            if (match.find()) {
                found.add(market);
                rest = match.replaceAll(" ");
            }
        }
        if (!found.isEmpty()) {
            ArrayNode named = said.putArray("marketplaces");
            found.forEach(named::add);
        }
        return rest;
    }

    /** Brands that are known, and whatever is written with a capital behind "from" or "by". */
    private static String brands(String lower, String original, ObjectNode said) {
        Map<String, String> found = new LinkedHashMap<>();
        String rest = lower;
        for (String brand : Products.BRANDS) {
            Pattern named =
                    Pattern.compile("\\b(?:(?:from|by)\\s+)?" + Pattern.quote(brand.toLowerCase(Locale.ROOT)) + "\\b");
            Matcher match = named.matcher(rest);
            if (match.find()) {
                found.put(brand.toLowerCase(Locale.ROOT), brand);
                rest = match.replaceAll(" ");
            }
        }
        Matcher made = MADE_BY.matcher(original);
        while (made.find()) {
            String brand = made.group(1);
            String key = brand.toLowerCase(Locale.ROOT);
            if (!Products.MARKETPLACES.contains(key) && rest.contains(key)) {
                found.putIfAbsent(key, brand);
                rest = rest.replaceFirst("\\b(?:from|by|brand)?\\s*" + Pattern.quote(key) + "\\b", " ");
            }
        }
        if (!found.isEmpty()) {
            ArrayNode named = said.putArray("brand_preferences");
            found.values().forEach(named::add);
        }
        return rest;
    }

    private static String attributes(String text, ObjectNode attributes) {
        String rest = groups(MEMORY, text, match -> attributes.put("ram_gb", ">=" + match.group(1)));
        rest = groups(
                STORAGE,
                rest,
                match -> attributes.put(
                        "storage_gb",
                        ">=" + Long.parseLong(match.group(1)) * (match.group(2).equals("tb") ? 1000 : 1)));
        rest = groups(SCREEN, rest, match -> attributes.put("screen_inches", match.group(1)));
        return groups(SIZE, rest, match -> attributes.put("size", match.group(1)));
    }

    private static String rating(String text, ObjectNode said) {
        return groups(RATING, text, match -> {
            String stars = match.group(1) == null ? match.group(2) : match.group(1);
            said.put("rating_min", new BigDecimal(stars));
        });
    }

    private static String condition(String found) {
        return switch (found) {
            case "brand new", "new" -> "new";
            case "refurbished", "renewed" -> "refurbished";
            default -> "used";
        };
    }

    /** What is done with a match. */
    @FunctionalInterface
    private interface Use<T> {
        void of(T found);
    }

    private static String words(Pattern pattern, String text, Use<String> use) {
        return groups(pattern, text, match -> use.of(match.group(1)));
    }

    /** Uses all matches; the text without them. */
    private static String groups(Pattern pattern, String text, Use<Matcher> use) {
        Matcher match = pattern.matcher(text);
        while (match.find()) {
            use.of(match);
        }
        return pattern.matcher(text).replaceAll(" ");
    }
}
