package dev.segno.camel.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.networknt.schema.JsonNodePath;
import com.networknt.schema.ValidationMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * Checks a file's shape against {@link CamelSchema}, and a kamelet's template as the route that it becomes.
 *
 * <p>The schema is full of alternatives ({@code oneOf}), and the validator reports all that is wrong with every one of
 * them. Per place, only what is most specific is told: see {@link SchemaProblems}.
 */
final class SchemaCheck {

    /** Beyond this many problems nobody reads on. */
    private static final int MOST_PROBLEMS = 50;

    private static final String ROUTE_ADVICE = "Start it with '- route:', as in docs/writing-routes.md";

    private SchemaCheck() {}

    static List<Problem> check(RouteFile file) {
        return file.kind() == RouteFile.Kind.KAMELET ? kamelet(file) : routes(file);
    }

    private static List<Problem> routes(RouteFile file) {
        YamlNode root = file.tree().root();
        if (!(root instanceof YamlSequence)) {
            return List.of(Problem.error(
                    file.path(), root, "a route file is a list, this is %s".formatted(root.kindName()), ROUTE_ADVICE));
        }
        return validate(file.path(), root, file.tree().toJson());
    }

    private static List<Problem> kamelet(RouteFile file) {
        List<Problem> problems = new ArrayList<>();
        if (!(file.tree().root() instanceof YamlMapping root)) {
            return List.of(Problem.error(
                    file.path(),
                    file.tree().root(),
                    "a kamelet is a mapping with 'kind: Kamelet'",
                    "Compare routes/kamelets/call.kamelet.yaml"));
        }
        if (!"Kamelet".equals(root.text("kind"))) {
            YamlNode kind = root.get("kind");
            problems.add(Problem.error(
                    file.path(), kind == null ? root : kind, "this is no kamelet", "Write 'kind: Kamelet' at the top"));
        }
        YamlNode name = root.at("/metadata/name");
        if (!(name instanceof YamlScalar scalar) || !scalar.text().equals(file.name())) {
            problems.add(Problem.error(
                    file.path(),
                    name == null ? root : name,
                    "the kamelet's name is not the file's",
                    "Write 'metadata: name: %s', or rename the file".formatted(file.name())));
        }
        if (!(root.at("/spec/template") instanceof YamlMapping template)
                || template.has("from") == template.has("route")) {
            YamlNode spec = root.get("spec");
            problems.add(Problem.error(
                    file.path(),
                    spec == null ? root : spec,
                    "the kamelet has no 'spec: template:' with a 'from' or a 'route'",
                    "Write the kamelet's route there"));
            return problems;
        }
        String key = template.has("from") ? "from" : "route";
        YamlMapping.Entry entry = template.entries().get(key);
        if (entry != null) {
            YamlMapping route =
                    new YamlMapping(Map.of(key, entry), template.line(), template.column(), template.path());
            YamlSequence asRoutes =
                    new YamlSequence(List.of(route), template.line(), template.column(), template.path());
            ArrayNode json = JsonNodeFactory.instance.arrayNode().add(JsonForm.of(route));
            problems.addAll(validate(file.path(), asRoutes, json));
        }
        return problems;
    }

    private static List<Problem> validate(String path, YamlNode root, JsonNode json) {
        Set<ValidationMessage> messages = CamelSchema.get().validate(json);
        NavigableMap<Place, SchemaProblems> places = new TreeMap<>();
        for (ValidationMessage message : messages) {
            Place place = Place.of(message.getInstanceLocation());
            places.computeIfAbsent(place, ignored -> new SchemaProblems(path, node(root, place)))
                    .add(message);
        }
        List<Problem> problems = new ArrayList<>();
        places.forEach((place, found) -> {
            // In this order whatever is below a place follows it at once.
            Place next = places.higherKey(place);
            boolean worseBelow = next != null && place.isAbove(next);
            problems.addAll(found.explain(worseBelow));
        });
        if (problems.size() > MOST_PROBLEMS) {
            int more = problems.size() - MOST_PROBLEMS;
            List<Problem> first = new ArrayList<>(problems.subList(0, MOST_PROBLEMS));
            first.add(Problem.error(
                    path, "%d more problems like these".formatted(more), "Repair the first ones and check again"));
            return first;
        }
        return problems;
    }

    private static YamlNode node(YamlNode root, Place place) {
        YamlNode node = root;
        for (Object step : place.steps()) {
            YamlNode child = null;
            if (node instanceof YamlMapping mapping) {
                child = mapping.get(step.toString());
            } else if (node instanceof YamlSequence sequence && step instanceof Integer index) {
                child = sequence.items().get(index);
            }
            if (child == null) {
                return node;
            }
            node = child;
        }
        return node;
    }

    /** Where in the instance a message belongs: keys and indexes. */
    private record Place(List<Object> steps) implements Comparable<Place> {

        static Place of(JsonNodePath path) {
            List<Object> steps = new ArrayList<>();
            for (int i = 0; i < path.getNameCount(); i++) {
                steps.add(path.getElement(i));
            }
            return new Place(steps);
        }

        boolean isAbove(Place other) {
            return other.steps.size() > steps.size()
                    && other.steps.subList(0, steps.size()).equals(steps);
        }

        @Override
        public int compareTo(Place other) {
            for (int i = 0; i < Math.min(steps.size(), other.steps.size()); i++) {
                Object mine = steps.get(i);
                Object theirs = other.steps.get(i);
                int order = mine instanceof Integer a && theirs instanceof Integer b
                        ? Integer.compare(a, b)
                        : mine.toString().compareTo(theirs.toString());
                if (order != 0) {
                    return order;
                }
            }
            return Integer.compare(steps.size(), other.steps.size());
        }
    }
}
