package dev.segno.camel.javadsl;

import dev.segno.camel.yaml.CheckedRouteFile;
import dev.segno.camel.yaml.Problem;
import dev.segno.camel.yaml.RouteFile;
import dev.segno.camel.yaml.YamlMapping;
import dev.segno.camel.yaml.YamlNode;
import dev.segno.camel.yaml.YamlSequence;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Says of a problem in the text of a class where in the class that is. */
final class SourceLines {

    private final List<?> entries;
    private final YamlShape shape;
    private final TreeMap<Integer, Integer> lines = new TreeMap<>();

    private SourceLines(List<?> entries, YamlShape shape) {
        this.entries = entries;
        this.shape = shape;
    }

    /** @param entries what the text was made of */
    static SourceLines of(List<?> entries, YamlShape shape) {
        return new SourceLines(entries, shape);
    }

    /** The same file; its problems are at the lines of the class that are known. */
    CheckedRouteFile apply(CheckedRouteFile checked) {
        RouteFile file = checked.file();
        if (file == null || checked.problems().isEmpty()) {
            return checked;
        }
        collect(entries, file.tree().root());
        List<Problem> moved = checked.problems().stream().map(this::move).toList();
        return new CheckedRouteFile(checked.path(), file, moved);
    }

    private void collect(Object made, YamlNode read) {
        if (made instanceof Map<?, ?> map && read instanceof YamlMapping mapping) {
            int line = shape.line(made);
            if (line > 0) {
                lines.put(read.line(), line);
            }
            map.forEach((key, value) -> {
                YamlNode below = mapping.get(String.valueOf(key));
                if (below != null) {
                    collect(value, below);
                }
            });
        } else if (made instanceof List<?> list && read instanceof YamlSequence sequence) {
            for (int i = 0; i < Math.min(list.size(), sequence.items().size()); i++) {
                collect(list.get(i), sequence.items().get(i));
            }
        }
    }

    private Problem move(Problem problem) {
        Map.Entry<Integer, Integer> known = lines.floorEntry(problem.line());
        return new Problem(
                problem.severity(),
                problem.file(),
                known == null ? 1 : known.getValue(),
                1,
                problem.what(),
                problem.advice());
    }
}
