package dev.segno.security;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What a caller may do who was let in. Each role but {@link #PEER} may do what those before it may. */
public enum Role {
    /** Looks at everything but the audit record. */
    VIEWER,
    /** Starts runs and sends signals to them. */
    SUBMITTER,
    /** Manages runs, schedules and dead letters, and calls what no document describes. */
    OPERATOR,
    /** Changes the files that routes are loaded from, and reads the audit record. */
    EDITOR,
    /** Manages keys and settings. */
    ADMIN,
    /** Another node that replicates to this one. It may do that, and nothing else. */
    PEER;

    /** Whether this role may do what the other may. */
    public boolean includes(Role other) {
        return this == other || (this != PEER && other != PEER && compareTo(other) > 0);
    }

    /** The role's name as documents and settings write it: {@code viewer}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The role of a name, as {@link #text} writes it. */
    public static Optional<Role> of(String text) {
        return Stream.of(values()).filter(role -> role.text().equals(text)).findFirst();
    }
}
