package dev.segno.camel.javadsl;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A part of a route's model as Camel writes it: a name, options, an expression or a value, and what it holds. */
final class ModelElement {

    final String name;
    final Map<String, String> attributes = new LinkedHashMap<>();
    final List<ModelElement> children = new ArrayList<>();

    /** What stands inside of it: the text of an expression, or a plain value. */
    @Nullable
    String text;

    /** Where it is written in the class, from 1; 0 where that is not known. */
    int line;

    ModelElement(String name) {
        this.name = name;
    }

    /** Whether it is nothing but a text. */
    boolean isText() {
        return text != null && attributes.isEmpty() && children.isEmpty();
    }

    /** Whether it has nothing but a name, and perhaps an empty text. */
    boolean isEmpty() {
        return (text == null || text.isEmpty()) && attributes.isEmpty() && children.isEmpty();
    }
}
