package dev.segno.camel.yaml;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** What is wrong with files beside one another: names that two of them define, kamelets that are not as they are called. */
public final class RouteFiles {

    private RouteFiles() {}

    /** What is wrong with a file beside others that are in use. */
    public static List<Problem> beside(RouteFile file, List<RouteFile> others) {
        List<Problem> problems = new ArrayList<>(NameClashes.of(file, others));
        problems.addAll(KameletCalls.of(file, others));
        return problems;
    }

    /** What is wrong with files that are to be used together. The first of them keeps a name; a later one is told. */
    public static List<Problem> together(List<CheckedRouteFile> checked) {
        List<RouteFile> files = checked.stream()
                .map(CheckedRouteFile::file)
                .filter(Objects::nonNull)
                .toList();
        List<Problem> problems = new ArrayList<>();
        for (int i = 0; i < files.size(); i++) {
            problems.addAll(NameClashes.of(files.get(i), files.subList(0, i)));
            problems.addAll(KameletCalls.of(files.get(i), files));
        }
        return problems;
    }
}
