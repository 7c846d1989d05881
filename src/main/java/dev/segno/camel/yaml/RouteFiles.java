package dev.segno.camel.yaml;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** What is wrong with files beside one another: names that two of them define, kamelets that are not as they are called. */
public final class RouteFiles {

    private RouteFiles() {}

    /** What is wrong with a file beside others that are in use. */
    public static List<Problem> beside(RouteFile file, List<RouteFile> others) {
        List<Problem> problems = new ArrayList<>(NameClashes.of(file, others));
        problems.addAll(KameletCalls.of(file, others));
        return problems;
    }

    /**
     * Files in the order in which they can be loaded: what others need goes before them. Kamelets are first, each behind those
     * that it calls; then route configurations.
     */
    public static List<CheckedRouteFile> neededFirst(List<CheckedRouteFile> checked) {
        Map<String, CheckedRouteFile> kamelets = new LinkedHashMap<>();
        checked.stream()
                .filter(one -> one.path().endsWith(RouteFinder.KAMELET_SUFFIX))
                .forEach(one -> kamelets.put(RouteFile.nameOf(one.path()), one));
        Set<String> ordered = new LinkedHashSet<>();
        kamelets.keySet().forEach(name -> addBehindItsCalls(name, kamelets, new HashSet<>(), ordered));
        List<String> order = List.copyOf(ordered);
        return checked.stream()
                .sorted(Comparator.comparingInt(one -> place(one, order)))
                .toList();
    }

    private static int place(CheckedRouteFile one, List<String> kamelets) {
        if (one.path().endsWith(RouteFinder.KAMELET_SUFFIX)) {
            return kamelets.indexOf(RouteFile.nameOf(one.path()));
        }
        RouteFile file = one.file();
        return kamelets.size() + (file == null || file.routeConfigurations().isEmpty() ? 1 : 0);
    }

    private static void addBehindItsCalls(
            String name, Map<String, CheckedRouteFile> kamelets, Set<String> callers, Set<String> ordered) {
        CheckedRouteFile kamelet = kamelets.get(name);
        if (kamelet == null || !callers.add(name)) {
            return;
        }
        if (kamelet.file() != null) {
            KameletCalls.namesIn(kamelet.file())
                    .forEach(called -> addBehindItsCalls(called, kamelets, callers, ordered));
        }
        ordered.add(name);
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
