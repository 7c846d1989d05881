package dev.segno.camel.javadsl;

import java.io.IOException;
import java.io.Writer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.apache.camel.model.ErrorHandlerDefinition;
import org.apache.camel.model.OptionalIdentifiedDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.language.ExpressionDefinition;
import org.apache.camel.yaml.out.ModelWriter;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;

/**
 * Listens to Camel's writer, which knows all of its model. What Camel makes of it by itself is not quite its own YAML: it
 * puts clauses and policies among the steps, and numbers between quotes.
 */
final class ModelElements extends ModelWriter {

    private final Deque<ModelElement> open = new ArrayDeque<>();
    private final List<ModelElement> roots = new ArrayList<>();
    private final Set<Object> written = Collections.newSetFromMap(new IdentityHashMap<>());

    ModelElements() throws IOException {
        super(Writer.nullWriter());
    }

    /** Writes a part that stands at the top of a file. */
    void write(Object model) throws IOException {
        if (model instanceof ErrorHandlerDefinition handler) {
            doWriteErrorHandlerDefinition("errorHandler", handler);
        } else if (model instanceof OptionalIdentifiedDefinition<?> definition) {
            writeOptionalIdentifiedDefinitionRef(definition);
        }
    }

    /** What was written, in its order. */
    List<ModelElement> roots() {
        return roots;
    }

    /** Whether a node or an expression was written: the writer passes over what it does not know. */
    boolean hasWritten(Object part) {
        return written.contains(part);
    }

    @Override
    protected void startElement(String name) {
        ModelElement element = new ModelElement(name);
        ModelElement parent = open.peek();
        (parent == null ? roots : parent.children).add(element);
        open.push(element);
    }

    @Override
    protected void startExpressionElement(String name) {
        startElement(name);
    }

    @Override
    protected void endElement(String name) {
        open.pop();
    }

    @Override
    protected void endExpressionElement(String name) {
        open.pop();
    }

    @Override
    protected void text(String name, @Nullable String text) {
        open.element().text = text;
    }

    @Override
    protected void value(@Nullable String value) {
        open.element().text = value;
    }

    @Override
    protected void attribute(String name, @Nullable Object value) {
        if (value != null) {
            open.element().attributes.put(name, value.toString());
        }
    }

    @Override
    protected void domElements(List<Element> elements) {
        throw new IllegalStateException("XML inside of a route cannot be written as YAML");
    }

    @Override
    protected void doWriteOptionalIdentifiedDefinitionAttributes(OptionalIdentifiedDefinition<?> node)
            throws IOException {
        written.add(node);
        // An id that Camel made up would differ from one start to the next.
        if (Boolean.TRUE.equals(node.getCustomId())) {
            attribute("id", node.getId());
        }
        attribute("description", node.getDescription());
        attribute("note", node.getNote());
        int line = node instanceof RouteDefinition route && route.getInput() != null
                ? route.getInput().getLineNumber()
                : node.getLineNumber();
        open.element().line = Math.max(line, 0);
    }

    @Override
    protected void doWriteExpressionDefinitionRef(@Nullable String name, @Nullable ExpressionDefinition expression)
            throws IOException {
        if (expression != null) {
            int before = open.element().children.size();
            super.doWriteExpressionDefinitionRef(name, expression);
            if (open.element().children.size() > before) {
                written.add(expression);
            }
        }
    }
}
