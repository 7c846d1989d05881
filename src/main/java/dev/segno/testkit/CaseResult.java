package dev.segno.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What came of a case.
 *
 * @param file        test file, as it was found
 * @param line        where the case begins, from 1
 * @param took        real time
 * @param differences from what was expected, as lines for people; empty when it passed
 * @param account     what the run did, as lines for people
 */
public record CaseResult(
        String file, int line, String name, Duration took, List<String> differences, List<String> account) {

    public boolean passed() {
        return differences.isEmpty();
    }

    /** Where the case stands, what differs, and what the run did; one line each. */
    public List<String> report() {
        List<String> lines = new ArrayList<>();
        lines.add(file + ":" + line);
        lines.addAll(differences);
        lines.addAll(account);
        return lines;
    }
}
