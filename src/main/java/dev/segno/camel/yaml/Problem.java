package dev.segno.camel.yaml;

import java.util.Comparator;

/**
 * What is wrong at one place of a file, and what to do about it. Ordered by file and place.
 *
 * @param severity an error keeps the file from being loaded, a warning does not
 * @param file the file as its reader names it, usually relative to the routes' directory
 * @param line from 1; 1 where the problem is the whole file's
 * @param column from 1
 * @param what what is wrong, without a full stop
 * @param advice what to do, without a full stop
 */
public record Problem(Severity severity, String file, int line, int column, String what, String advice)
        implements Comparable<Problem> {

    /** Whether a file with the problem can be loaded. */
    public enum Severity {
        ERROR,
        WARNING
    }

    private static final Comparator<Problem> BY_PLACE = Comparator.comparing(Problem::file)
            .thenComparingInt(Problem::line)
            .thenComparingInt(Problem::column)
            .thenComparing(Problem::severity)
            .thenComparing(Problem::what)
            .thenComparing(Problem::advice);

    /** An error at a node's place. */
    public static Problem error(String file, YamlNode at, String what, String advice) {
        return new Problem(Severity.ERROR, file, at.line(), at.column(), what, advice);
    }

    /** An error of the file as a whole. */
    public static Problem error(String file, String what, String advice) {
        return new Problem(Severity.ERROR, file, 1, 1, what, advice);
    }

    /** A warning of the file as a whole. */
    public static Problem warning(String file, String what, String advice) {
        return new Problem(Severity.WARNING, file, 1, 1, what, advice);
    }

    /** A warning at a node's place. */
    public static Problem warning(String file, YamlNode at, String what, String advice) {
        return new Problem(Severity.WARNING, file, at.line(), at.column(), what, advice);
    }

    public boolean isError() {
        return severity == Severity.ERROR;
    }

    @Override
    public int compareTo(Problem other) {
        return BY_PLACE.compare(this, other);
    }

    /** One line, in the form that editors and terminals turn into a link: {@code file:line:column: error: …}. */
    @Override
    public String toString() {
        String word = isError() ? "error" : "warning";
        String end = advice.endsWith("?") ? "" : ".";
        return "%s:%d:%d: %s: %s. %s%s".formatted(file, line, column, word, what, advice, end);
    }
}
