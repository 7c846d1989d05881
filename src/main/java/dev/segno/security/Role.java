package dev.segno.security;

/** What a caller may do who was let in. Each role may do what those before it may. */
public enum Role {
    /** Starts runs, looks at them and manages them. */
    OPERATOR,
    /** Changes the files that routes are loaded from, and reads the audit record. */
    EDITOR;

    /** Whether this role may do what the other may. */
    public boolean includes(Role other) {
        return compareTo(other) >= 0;
    }
}
