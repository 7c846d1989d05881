package dev.segno.shopping;

import java.math.BigDecimal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds what a text says of a price. Stateless. */
final class PriceReader {

    /** An amount that is not a measure of something else: 16 GB, 4 stars, 15 inch. */
    private static final String AMOUNT =
            "(?<signNAME>[$€£])?\\s*(?<amountNAME>\\d{1,3}(?:,\\d{3})+(?:\\.\\d+)?|\\d+(?:\\.\\d+)?)"
                    + "(?<kiloNAME>k)?(?![\\d.,]*\\d)"
                    + "(?!\\s*(?:gb|tb|mb|inch|inches|\"|cm|mm|hz|mp|mah|kg|g\\b|w\\b|stars?|hours?|%|x\\b))"
                    + "\\s*(?<wordNAME>dollars?|usd|bucks|euros?|eur|pounds|gbp)?";

    private static final Pattern BETWEEN =
            pattern("(?:between\\s+|from\\s+)?" + amount("a") + "\\s*(?:-|–|to|and)\\s*" + amount("b"));

    private static final Pattern MOST =
            pattern("(?:under|below|less than|up to|at most|no more than|not more than|max(?:imum)?(?:\\s+of)?"
                    + "|cheaper than|within|budget(?:\\s+(?:of|is))?|<=?)\\s*" + amount("a"));

    private static final Pattern LEAST = pattern(
            "(?:over|above|more than|at least|min(?:imum)?(?:\\s+of)?|starting (?:at|from)|>=?)\\s*" + amount("a"));

    private static final Pattern ABOUT = pattern("(?:around|about|roughly)\\s*" + amount("a"));

    private static final Pattern PLAIN = pattern(amount("a"));

    private static final BigDecimal LESS = new BigDecimal("0.8");
    private static final BigDecimal MORE = new BigDecimal("1.2");

    private PriceReader() {}

    /** What was found. {@code rest} is the text without it. */
    record Price(
            @Nullable BigDecimal min,
            @Nullable BigDecimal max,
            @Nullable String currency,
            String rest) {

        boolean isGiven() {
            return min != null || max != null;
        }
    }

    /** @param text in lower case */
    static Price read(String text) {
        Matcher between = BETWEEN.matcher(text);
        if (between.find() && isMoney(between, text)) {
            BigDecimal one = value(between, "a");
            BigDecimal other = value(between, "b");
            return new Price(one.min(other), one.max(other), currency(between, "b"), without(text, between));
        }
        BigDecimal min = null;
        BigDecimal max = null;
        String currency = null;
        String rest = text;
        Matcher most = MOST.matcher(rest);
        if (most.find()) {
            max = value(most, "a");
            currency = currency(most, "a");
            rest = without(rest, most);
        }
        Matcher least = LEAST.matcher(rest);
        if (least.find()) {
            min = value(least, "a");
            currency = currency == null ? currency(least, "a") : currency;
            rest = without(rest, least);
        }
        if (min != null || max != null) {
            return new Price(min, max, currency, rest);
        }
        Matcher about = ABOUT.matcher(text);
        if (about.find()) {
            BigDecimal amount = value(about, "a");
            return new Price(amount.multiply(LESS), amount.multiply(MORE), currency(about, "a"), without(text, about));
        }
        // A sum that stands by itself, as "for 300 dollars" or the answer "300", is what somebody will pay at most.
        Matcher plain = PLAIN.matcher(text);
        while (plain.find()) {
            boolean said = plain.group("signa") != null || plain.group("worda") != null;
            if (said || text.strip().equals(plain.group().strip())) {
                return new Price(null, value(plain, "a"), currency(plain, "a"), without(text, plain));
            }
        }
        return new Price(null, null, null, text);
    }

    /** Two numbers with a line between them are a span of prices if anything says so, or nothing else is said. */
    private static boolean isMoney(Matcher match, String text) {
        return match.group().startsWith("between")
                || match.group("signa") != null
                || match.group("signb") != null
                || match.group("wordb") != null
                || match.group().strip().equals(text.strip());
    }

    private static BigDecimal value(Matcher match, String name) {
        BigDecimal amount = new BigDecimal(match.group("amount" + name).replace(",", ""));
        return match.group("kilo" + name) == null ? amount : amount.movePointRight(3);
    }

    private static @Nullable String currency(Matcher match, String name) {
        String said = match.group("sign" + name) == null ? match.group("word" + name) : match.group("sign" + name);
        if (said == null) {
            return null;
        }
        return switch (said.charAt(0)) {
            case '€', 'e' -> "EUR";
            case '£', 'p', 'g' -> "GBP";
            default -> "USD";
        };
    }

    private static String without(String text, Matcher match) {
        return text.substring(0, match.start()) + " " + text.substring(match.end());
    }

    private static String amount(String name) {
        return AMOUNT.replace("NAME", name);
    }

    private static Pattern pattern(String regex) {
        return Pattern.compile(regex);
    }
}
