package dev.segno.camel.javadsl;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.model.AggregateDefinition;
import org.apache.camel.model.ExpressionSubElementDefinition;
import org.apache.camel.model.OptionalIdentifiedDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.language.ExpressionDefinition;
import org.jspecify.annotations.Nullable;

/**
 * Puts a model into a form that can be written down, and finds what cannot: objects that a class handed to a route, such
 * as a processor. Looks at each field of the model, for the names of those that hold objects follow no rule.
 */
final class CodeInModel {

    /** What leads back up, belongs to the builder, or is there twice. */
    private static final Set<String> PASSED_OVER = Set.of(
            "parent",
            "camelContext",
            "resource",
            "blocks",
            "routeConfiguration",
            "catchClauses",
            "finallyClause",
            "outputsWithoutCatches",
            "exceptionClasses",
            "errorHandlerFactory");

    /** Where the name of a class is written that the field beside it holds. */
    private static final Map<String, String> NAMES_OF_CLASSES = Map.of(
            "resultType", "resultTypeName",
            "beanType", "beanTypeName",
            "unmarshalType", "unmarshalTypeName",
            "collectionType", "collectionTypeName",
            "jsonView", "jsonViewTypeName",
            "exceptionClass", "exceptionType",
            "beanClass", "beanType",
            "typeClass", "type");

    private final List<Code> found = new ArrayList<>();
    private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private final List<Object> parts = new ArrayList<>();
    private String route = "";
    private String node = "";
    private int line = 1;

    /**
     * An object in a route.
     *
     * @param where the route and the node
     * @param line  of the class, from 1
     * @param field of the node's model
     */
    record Code(String where, int line, String field, Object value) {}

    /** Looks into a route, or into what stands beside routes. */
    void look(Object model) {
        route = "";
        visit(model);
    }

    /** What cannot be written down. */
    List<Code> found() {
        return found;
    }

    /** All nodes and expressions that there are: each has to be written. */
    List<Object> parts() {
        return parts;
    }

    /** Adds a part that the writer left out. */
    void leftOut(Object part) {
        found.add(new Code(where(), line, "", part));
    }

    private void visit(Object owner) {
        if (!seen.add(owner)) {
            return;
        }
        String nodeBefore = node;
        int lineBefore = line;
        if (owner instanceof RouteDefinition definition) {
            route = definition.getRouteId() == null
                    ? "the route from '" + (definition.getInput() == null ? "" : definition.getEndpointUrl()) + "'"
                    : "the route '" + definition.getRouteId() + "'";
            node = "";
            line = at(definition.getInput() == null ? 0 : definition.getInput().getLineNumber());
        } else if (owner instanceof OptionalIdentifiedDefinition<?> definition) {
            String id = definition.getId();
            node = definition.getShortName() + (id == null ? "" : " '" + id + "'");
            line = at(definition.getLineNumber());
        }
        if (owner instanceof ProcessorDefinition || owner instanceof ExpressionDefinition) {
            parts.add(owner);
        }
        for (Class<?> type = owner.getClass(); type != null && isModel(type); type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                // An aggregate keeps its correlation twice.
                boolean twice =
                        type == AggregateDefinition.class && field.getName().equals("expression");
                if (!Modifier.isStatic(field.getModifiers()) && !PASSED_OVER.contains(field.getName()) && !twice) {
                    field(owner, new ModelField(field));
                }
            }
        }
        node = nodeBefore;
        line = lineBefore;
    }

    private int at(int number) {
        return number > 0 ? number : line;
    }

    private void field(Object owner, ModelField field) {
        Object value = field.get(owner);
        if (value instanceof Class<?> type) {
            name(owner, field, type);
        } else if (value != null && ExpressionText.isOne(value)) {
            expression(owner, field, value);
        } else {
            value(field.name(), value);
        }
    }

    private void value(String field, @Nullable Object value) {
        if (value == null || isPlain(value)) {
            return;
        }
        if (value instanceof Collection<?> all) {
            // The walk changes fields of what is in it, never the collection.
            all.forEach(one -> value(field, one));
        } else if (value instanceof Map<?, ?> map) {
            map.values().forEach(one -> value(field, one));
        } else if (value.getClass().isArray()) {
            for (int i = 0; i < Array.getLength(value); i++) {
                array(field, Array.get(value, i));
            }
        } else if (isModel(value.getClass())) {
            visit(value);
        } else {
            found.add(new Code(where(), line, field, value));
        }
    }

    /** Arrays are not written at all. */
    private void array(String field, @Nullable Object value) {
        if (value != null) {
            found.add(new Code(where(), line, field, value));
        }
    }

    private void expression(Object owner, ModelField field, Object value) {
        Optional<ExpressionDefinition> text = ExpressionText.of(value);
        if (text.isEmpty()) {
            found.add(new Code(where(), line, field.name(), value));
        } else if (field.field().getType().isInstance(text.get())
                && ExpressionDefinition.class.isAssignableFrom(field.field().getType())) {
            field.set(owner, text.get());
            visit(text.get());
        } else {
            // handled(true) is kept as a condition, beside the field for the one that is written.
            ModelField partner = ModelField.find(owner.getClass(), field.name().replaceFirst("Policy$", ""));
            if (partner == null || partner.field().getType() != ExpressionSubElementDefinition.class) {
                found.add(new Code(where(), line, field.name(), value));
                return;
            }
            ExpressionSubElementDefinition written = new ExpressionSubElementDefinition();
            written.setExpressionType(text.get());
            partner.set(owner, written);
            field.set(owner, null);
            visit(written);
        }
    }

    private void name(Object owner, ModelField field, Class<?> type) {
        String partner = NAMES_OF_CLASSES.get(field.name());
        ModelField name = partner == null ? null : ModelField.find(owner.getClass(), partner);
        if (name == null || name.field().getType() != String.class) {
            found.add(new Code(where(), line, field.name(), type));
        } else if (name.get(owner) == null) {
            name.set(owner, type.isArray() ? type.getCanonicalName() : type.getName());
        }
    }

    private String where() {
        if (route.isEmpty()) {
            return node.isEmpty() ? "the class" : node;
        }
        return node.isEmpty() ? route : node + " in " + route;
    }

    private static boolean isPlain(Object value) {
        return value instanceof CharSequence
                || value instanceof Number
                || value instanceof Boolean
                || value instanceof Enum<?>
                || value instanceof AtomicBoolean;
    }

    /** A class of a user that extends one of the model is none: the writer does not know it. */
    private static boolean isModel(Class<?> type) {
        return type.getName().startsWith("org.apache.camel.model.");
    }
}
