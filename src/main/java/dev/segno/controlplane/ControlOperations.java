package dev.segno.controlplane;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The operations by their names. Immutable, hence safe for concurrent use. */
public final class ControlOperations {

    private final Map<String, ControlOperation> operations;

    public ControlOperations(Map<String, ControlOperation> operations) {
        this.operations = Map.copyOf(operations);
    }

    public Optional<ControlOperation> find(String name) {
        return Optional.ofNullable(operations.get(name));
    }

    /** The names, in their order. */
    public Set<String> names() {
        return new TreeMap<>(operations).keySet();
    }
}
