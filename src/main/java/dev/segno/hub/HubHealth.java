package dev.segno.hub;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What checks of the four services have found since the process began. Thread-safe. */
final class HubHealth {

    static final List<String> SERVICES = List.of("identity", "communication", "content", "workflow");

    private final Map<String, Integer> healthy = new LinkedHashMap<>();
    /** What was told last. */
    private Map<String, String> last = Map.of();

    private int checks;
    private @Nullable Instant lastCheck;

    /**
     * Counts a check.
     *
     * @param found  each service with its {@code status}, and {@code overall}
     * @param teller is given what is to be told, where a status is another one than was told last; the first check is
     *               told. What it throws is thrown on, and the next check tells it
     */
    synchronized void checked(
            Map<String, @Nullable Object> found, Instant at, Consumer<Map<String, @Nullable Object>> teller) {
        checks++;
        lastCheck = at;
        Map<String, String> statuses = new LinkedHashMap<>();
        for (String service : SERVICES) {
            String status =
                    found.get(service) instanceof Map<?, ?> answer ? String.valueOf(answer.get("status")) : "unknown";
            statuses.put(service, status);
            healthy.merge(service, status.equals("healthy") ? 1 : 0, Integer::sum);
        }
        statuses.put("overall", String.valueOf(found.get("overall")));
        Map<String, String> before = last;
        if (before.equals(statuses)) {
            return;
        }
        List<String> changed = SERVICES.stream()
                .filter(service -> !Objects.equals(before.get(service), statuses.get(service)))
                .toList();
        Map<String, @Nullable Object> told = new LinkedHashMap<>(found);
        if (changed.size() == 1) {
            told.put("serviceName", changed.get(0));
        }
        teller.accept(told);
        last = statuses;
    }

    /** The share of checks in which each service was healthy, in percent; 100 before the first. */
    synchronized Map<String, @Nullable Object> availability() {
        Map<String, @Nullable Object> availability = new LinkedHashMap<>();
        SERVICES.forEach(service ->
                availability.put(service, checks == 0 ? 100.0 : 100.0 * healthy.getOrDefault(service, 0) / checks));
        return availability;
    }

    synchronized @Nullable Instant lastCheck() {
        return lastCheck;
    }
}
