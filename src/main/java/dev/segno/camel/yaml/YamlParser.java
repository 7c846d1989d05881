package dev.segno.camel.yaml;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Builds a tree from the parser's events. Events come lazily, so a file beyond a limit is given up at the place where
 * it exceeds it. One instance reads one text; not thread-safe.
 */
final class YamlParser {

    /** Options have short names; a longer key is a missing quote or an attack. */
    private static final int LONGEST_KEY = 1_000;

    private static final int LONGEST_MESSAGE = 200;

    private final String file;
    private final YamlLimits limits;
    private final Map<Anchor, YamlNode> anchors = new HashMap<>();
    private int aliases;
    private int nodes;

    YamlParser(String file, YamlLimits limits) {
        this.file = file;
        this.limits = limits;
    }

    YamlNode parse(String text) throws UnreadableYaml {
        LoadSettings settings = LoadSettings.builder()
                .setLabel(file)
                .setCodePointLimit(limits.maxBytes())
                .setUseMarks(true)
                .build();
        Iterator<Event> events = new Parse(settings).parseString(text).iterator();
        try {
            return document(events);
        } catch (MarkedYamlEngineException e) {
            Mark mark = e.getProblemMark().or(e::getContextMark).orElse(null);
            throw new UnreadableYaml(new Problem(
                    Problem.Severity.ERROR,
                    file,
                    mark == null ? 1 : mark.getLine() + 1,
                    mark == null ? 1 : mark.getColumn() + 1,
                    "not YAML: " + oneLine(e),
                    "Look at the indentation, the quotes and the colons here"));
        } catch (YamlEngineException e) {
            throw new UnreadableYaml(Problem.error(
                    file, "not YAML: " + oneLine(e), "Remove characters that cannot stand in a YAML file"));
        }
    }

    private YamlNode document(Iterator<Event> events) throws UnreadableYaml {
        events.next(); // the stream's start
        Event first = events.next();
        if (first.getEventId() == Event.ID.StreamEnd) {
            throw new UnreadableYaml(Problem.error(file, "the file is empty", "Write a route, or remove the file"));
        }
        YamlNode root = node(events.next(), events, NodePath.ROOT, 1);
        events.next(); // the document's end
        Event after = events.next();
        if (after.getEventId() != Event.ID.StreamEnd) {
            throw refused(after, "a second document begins", "Keep one document per file: remove the '---'");
        }
        return root;
    }

    private YamlNode node(Event event, Iterator<Event> events, NodePath path, int depth) throws UnreadableYaml {
        if (event instanceof AliasEvent alias) {
            return alias(alias, path, depth);
        }
        count(event);
        NodeEvent opening = (NodeEvent) event;
        refuseTag(opening);
        YamlNode node;
        if (event instanceof ScalarEvent scalar) {
            node = scalar(scalar, path);
        } else {
            if (depth > limits.maxDepth()) {
                throw refused(
                        event,
                        "nested deeper than %d levels".formatted(limits.maxDepth()),
                        "Move inner parts into 'direct:' routes of this file");
            }
            node = event instanceof SequenceStartEvent
                    ? sequence(event, events, path, depth)
                    : mapping(event, events, path, depth);
        }
        Optional<Anchor> anchor = opening.getAnchor();
        if (anchor.isPresent()) {
            anchors.put(anchor.get(), node);
        }
        return node;
    }

    private YamlSequence sequence(Event start, Iterator<Event> events, NodePath path, int depth) throws UnreadableYaml {
        List<YamlNode> items = new ArrayList<>();
        for (Event event = events.next(); event.getEventId() != Event.ID.SequenceEnd; event = events.next()) {
            items.add(node(event, events, path.child(items.size()), depth + 1));
        }
        return new YamlSequence(items, line(start), column(start), path);
    }

    private YamlMapping mapping(Event start, Iterator<Event> events, NodePath path, int depth) throws UnreadableYaml {
        Map<String, YamlMapping.Entry> entries = new LinkedHashMap<>();
        for (Event event = events.next(); event.getEventId() != Event.ID.MappingEnd; event = events.next()) {
            YamlScalar key = key(event, path);
            YamlMapping.Entry earlier = entries.get(key.text());
            if (earlier != null) {
                throw refused(
                        event,
                        "the key '%s' stands twice, first in line %d"
                                .formatted(key.text(), earlier.key().line()),
                        "Remove one of the two");
            }
            YamlNode value = node(events.next(), events, key.path(), depth + 1);
            entries.put(key.text(), new YamlMapping.Entry(key, value));
        }
        return new YamlMapping(entries, line(start), column(start), path);
    }

    private YamlScalar key(Event event, NodePath mapping) throws UnreadableYaml {
        if (!(event instanceof ScalarEvent scalar)) {
            throw refused(event, "a key that is no plain text", "Write keys as simple words");
        }
        count(event);
        refuseTag(scalar);
        if (scalar.getValue().length() > LONGEST_KEY) {
            throw refused(event, "a key longer than %,d characters".formatted(LONGEST_KEY), "Look for a missing quote");
        }
        if (scalar.getAnchor().isPresent()) {
            throw refused(event, "a key with an anchor", "Put the anchor on the value");
        }
        return scalar(scalar, mapping.child(scalar.getValue()));
    }

    private YamlScalar scalar(ScalarEvent event, NodePath path) throws UnreadableYaml {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(event.getValue())) {
            throw refused(event, "half a character (an unpaired surrogate)", "Write the character itself");
        }
        YamlScalar.Kind kind = event.isPlain() ? YamlScalar.kindOf(event.getValue()) : YamlScalar.Kind.STRING;
        return new YamlScalar(event.getValue(), kind, line(event), column(event), path);
    }

    private YamlNode alias(AliasEvent event, NodePath path, int depth) throws UnreadableYaml {
        aliases++;
        if (aliases > limits.maxAliases()) {
            throw refused(event, "more than %d aliases".formatted(limits.maxAliases()), "Write the repeated parts out");
        }
        YamlNode anchored = anchors.get(event.getAlias());
        if (anchored == null) {
            throw refused(
                    event,
                    "an alias without a finished anchor before it: '*%s'".formatted(event.getAlias()),
                    "Define the anchor above, outside the part that uses it");
        }
        return copy(anchored, path, depth, event);
    }

    /** Writes an aliased part out: each use has its own path, and counts in full. */
    private YamlNode copy(YamlNode node, NodePath path, int depth, Event use) throws UnreadableYaml {
        count(use);
        if (node instanceof YamlScalar scalar) {
            return new YamlScalar(scalar.text(), scalar.kind(), scalar.line(), scalar.column(), path);
        }
        if (depth > limits.maxDepth()) {
            throw refused(
                    use,
                    "nested deeper than %d levels with its aliases written out".formatted(limits.maxDepth()),
                    "Write the repeated parts out");
        }
        if (node instanceof YamlSequence sequence) {
            List<YamlNode> items = new ArrayList<>();
            for (YamlNode item : sequence.items()) {
                items.add(copy(item, path.child(items.size()), depth + 1, use));
            }
            return new YamlSequence(items, node.line(), node.column(), path);
        }
        Map<String, YamlMapping.Entry> entries = new LinkedHashMap<>();
        for (YamlMapping.Entry entry : ((YamlMapping) node).entries().values()) {
            YamlScalar key = entry.key();
            NodePath under = path.child(key.text());
            entries.put(
                    key.text(),
                    new YamlMapping.Entry(
                            new YamlScalar(key.text(), key.kind(), key.line(), key.column(), under),
                            copy(entry.value(), under, depth + 1, use)));
        }
        return new YamlMapping(entries, node.line(), node.column(), path);
    }

    private void count(Event event) throws UnreadableYaml {
        nodes++;
        if (nodes > limits.maxNodes()) {
            throw refused(
                    event,
                    "more than %,d nodes, with aliases written out".formatted(limits.maxNodes()),
                    "Split the file: one orchestration per file");
        }
    }

    /** Tags say which class a node is to become; a route file has no use for that. */
    private void refuseTag(NodeEvent event) throws UnreadableYaml {
        @Nullable String tag = null;
        if (event instanceof ScalarEvent scalar) {
            tag = scalar.getTag().orElse(null);
        } else if (event instanceof CollectionStartEvent collection) {
            tag = collection.getTag().orElse(null);
        }
        if (tag != null) {
            throw refused(event, "the tag '%s'".formatted(tag), "Remove it: route files hold plain values only");
        }
    }

    private UnreadableYaml refused(Event at, String what, String advice) {
        String shown = what.length() > LONGEST_MESSAGE ? what.substring(0, LONGEST_MESSAGE) + "…" : what;
        return new UnreadableYaml(new Problem(Problem.Severity.ERROR, file, line(at), column(at), shown, advice));
    }

    private static int line(Event event) {
        return event.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
    }

    private static int column(Event event) {
        return event.getStartMark().map(mark -> mark.getColumn() + 1).orElse(1);
    }

    private static String oneLine(YamlEngineException e) {
        String message = e instanceof MarkedYamlEngineException marked ? marked.getProblem() : e.getMessage();
        return message == null ? "it cannot be parsed" : message.strip().replaceAll("\\s+", " ");
    }
}
