package dev.segno.crash;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a process asked of the operating system, as {@code strace -f -y} wrote it down: which runs it had written to the
 * log of its store, which of these were synced to the disk, and which it then told its callers of.
 */
final class SystemCalls {

    /** The command that writes a process's calls into a file; the process's own command follows. */
    static List<String> tracedInto(Path file) {
        return List.of(
                "strace",
                "-f",
                "-y",
                "--seccomp-bpf",
                "-s",
                "4200",
                "-e",
                "trace=fsync,fdatasync,write,pwrite64,sendto,writev",
                "-o",
                file.toString());
    }

    private static final Pattern BEGUN = Pattern.compile("(\\d+)\\s+(\\w+)\\(\\d+<([^>]*)>(.*)");
    private static final Pattern RESUMED = Pattern.compile("(\\d+)\\s+<\\.\\.\\. (fsync|fdatasync) resumed>.*= 0");
    private static final Pattern ACCEPTED =
            Pattern.compile("HTTP/1\\.1 20\\d .*?/api/runs/([0-9A-HJKMNP-TV-Z]{26})", Pattern.DOTALL);

    private final Set<String> written = new HashSet<>();
    private final Set<String> synced = new HashSet<>();
    private final Map<String, Set<String>> syncing = new HashMap<>();
    private final List<String> acknowledged = new ArrayList<>();
    private final List<String> tooEarly = new ArrayList<>();
    private int syncs;

    private SystemCalls() {}

    /** Reads a trace in which the process told of runs by a 2xx with their location. */
    static SystemCalls read(Path trace) throws IOException {
        Set<String> told = new HashSet<>();
        try (Stream<String> lines = Files.lines(trace, StandardCharsets.ISO_8859_1)) {
            lines.forEach(line -> {
                Matcher accepted = ACCEPTED.matcher(line);
                while (accepted.find()) {
                    told.add(accepted.group(1));
                }
            });
        }
        SystemCalls calls = new SystemCalls();
        try (Stream<String> lines = Files.lines(trace, StandardCharsets.ISO_8859_1)) {
            lines.forEach(line -> calls.follow(line, told));
        }
        return calls;
    }

    /** Runs that callers were told of, in that order. */
    List<String> acknowledged() {
        return acknowledged;
    }

    /** Those of them that were not on the disk then. */
    List<String> tooEarly() {
        return tooEarly;
    }

    /** How often the log was synced. */
    int syncs() {
        return syncs;
    }

    private void follow(String line, Set<String> told) {
        Matcher resumed = RESUMED.matcher(line);
        if (resumed.matches()) {
            syncEnded(resumed.group(1));
            return;
        }
        Matcher begun = BEGUN.matcher(line);
        if (!begun.matches()) {
            return;
        }
        String thread = begun.group(1);
        String call = begun.group(2);
        String file = begun.group(3);
        String rest = begun.group(4);
        if (call.endsWith("sync")) {
            if (file.endsWith("segno.db-wal")) {
                syncing.put(thread, Set.copyOf(written));
                if (rest.endsWith("= 0")) {
                    syncEnded(thread);
                }
            }
        } else if (file.endsWith("segno.db-wal")) {
            told.stream().filter(rest::contains).forEach(written::add);
        } else {
            Matcher accepted = ACCEPTED.matcher(rest);
            while (accepted.find()) {
                acknowledged.add(accepted.group(1));
                if (!synced.contains(accepted.group(1))) {
                    tooEarly.add(accepted.group(1));
                }
            }
        }
    }

    private void syncEnded(String thread) {
        Set<String> before = syncing.remove(thread);
        if (before != null) {
            syncs++;
            synced.addAll(before);
        }
    }
}
