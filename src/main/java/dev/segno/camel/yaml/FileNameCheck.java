package dev.segno.camel.yaml;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Checks what a file and its folders are called. */
final class FileNameCheck {

    private static final Pattern SAFE_NAME = Pattern.compile("[A-Za-z0-9._-]+");

    private static final String KAMELETS = "kamelets";

    private FileNameCheck() {}

    /** What is wrong with a path below the routes' directory; nothing with that of a class, which is none of a file. */
    static List<Problem> check(RouteFile file) {
        String path = file.path();
        List<Problem> problems = new ArrayList<>();
        if (path.indexOf('!') >= 0) {
            return problems;
        }
        for (String segment : path.split("/", -1)) {
            if (!SAFE_NAME.matcher(segment).matches()) {
                problems.add(Problem.error(
                        path,
                        "'%s' cannot be the name of a route file or its folder".formatted(segment),
                        "Use letters, digits, '.', '_' and '-'"));
            }
        }
        String name = path.substring(path.lastIndexOf('/') + 1);
        if (name.chars().filter(character -> character == '.').count() > 2) {
            problems.add(Problem.error(
                    path,
                    "'%s' has a dot too many: Camel takes what is behind the first for the kind of file"
                            .formatted(name),
                    "Use '-' instead of it"));
        }
        if (file.kind() == RouteFile.Kind.KAMELET && !file.packageName().equals(KAMELETS)) {
            problems.add(Problem.error(path, "Camel finds kamelets in routes/kamelets only", "Move the file there"));
        }
        return problems;
    }
}
