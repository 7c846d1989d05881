package dev.segno.shopping;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** What the rules know of products. */
final class Products {

    static final List<String> MARKETPLACES = List.of("amazon", "walmart", "ebay", "kroger", "target");

    static final List<String> BRANDS = List.of(
            "Dell",
            "HP",
            "Lenovo",
            "Apple",
            "Asus",
            "Acer",
            "Samsung",
            "Sony",
            "Bose",
            "JBL",
            "Sennheiser",
            "Beats",
            "Nike",
            "Adidas",
            "Puma",
            "New Balance",
            "Asics",
            "Reebok",
            "LG",
            "Panasonic",
            "Canon",
            "Nikon",
            "Microsoft",
            "Google",
            "Logitech",
            "Philips",
            "Dyson",
            "KitchenAid",
            "Bosch",
            "Motorola",
            "OnePlus",
            "Xiaomi",
            "Garmin",
            "Fitbit",
            "Anker");

    /** Types of products by the words for them; of those that fit the one that stands first counts. */
    private static final Map<String, Pattern> TYPES = new LinkedHashMap<>();

    /** Words that are no product. */
    private static final Set<String> OTHER_WORDS = Set.of(
            ("a an the i me my we you it its this that these those for of with without in on at to from by and or but not no yes"
                            + " please need needs want wants looking look find search show buy get give like would could can"
                            + " some something anything nice good great best better cheap cheaper affordable budget price"
                            + " under over make more less really very any also just new hello hi hey thanks thank help"
                            + " is are be do does have has what which who how maybe sure okay ok dunno know idea whatever"
                            + " don't doesn't matter care fine one ones thing things stuff up about around between max min")
                    .split(" "));

    static {
        type("running shoes", "running shoes?|runners");
        type("coffee maker", "coffee (?:makers?|machines?)");
        type("vacuum cleaner", "vacuum(?: cleaner)?s?");
        type("washing machine", "washing machines?|washers?");
        type("smartwatch", "smart ?watch(?:es)?");
        type("laptop", "laptops?|notebooks?|macbooks?|ultrabooks?");
        type("headphones", "headphones?|headsets?");
        type("earbuds", "earbuds?|airpods");
        type("phone", "(?:smart|cell)? ?phones?|iphones?|mobiles?");
        type("tablet", "tablets?|ipads?");
        type("monitor", "monitors?");
        type("tv", "tvs?|televisions?");
        type("camera", "cameras?");
        type("keyboard", "keyboards?");
        type("mouse", "mouse|mice");
        type("speaker", "speakers?");
        type("printer", "printers?");
        type("shoes", "shoes?|sneakers?|trainers");
        type("boots", "boots?");
        type("backpack", "backpacks?|rucksacks?");
        type("jacket", "jackets?|coats?");
        type("shirt", "(?:t-)?shirts?");
        type("dress", "dress(?:es)?");
        type("watch", "watch(?:es)?");
        type("chair", "chairs?");
        type("desk", "desks?");
        type("sofa", "sofas?|couch(?:es)?");
        type("lamp", "lamps?");
        type("blender", "blenders?");
        type("bicycle", "bicycles?|bikes?");
        type("book", "books?");
        type("toy", "toys?");
        type("coffee", "coffee");
        type("milk", "milk");
    }

    private Products() {}

    private static void type(String name, String words) {
        TYPES.put(name, Pattern.compile("(?<![\\p{L}])(?:" + words + ")(?![\\p{L}])"));
    }

    /** The type of product that a text in lower case names; what nobody knows is taken by its last two words. Empty if there is none. */
    static String typeIn(String text) {
        for (Map.Entry<String, Pattern> type : TYPES.entrySet()) {
            if (type.getValue().matcher(text).find()) {
                return type.getKey();
            }
        }
        List<String> words = Pattern.compile("[^\\p{L}'-]+")
                .splitAsStream(text)
                .filter(word -> word.length() > 2 && !OTHER_WORDS.contains(word))
                .toList();
        return String.join(" ", words.subList(Math.max(0, words.size() - 2), words.size()));
    }

    /** Whether a type is one that the rules know, and not a guess. */
    static boolean isKnown(String type) {
        return TYPES.containsKey(type);
    }
}
