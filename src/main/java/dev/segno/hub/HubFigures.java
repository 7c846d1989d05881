package dev.segno.hub;

import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Operations and health checks of this process in numbers. Thread-safe. */
final class HubFigures {

    static final List<String> SERVICES = List.of("identity", "communication", "content", "workflow");

    private final Map<String, Integer> healthy = new LinkedHashMap<>();
    private long successful;
    private long partial;
    private long failed;
    private double totalMs;
    private int checks;
    private @Nullable Instant lastCheck;

    synchronized void ended(boolean success, boolean isPartial, double ms) {
        successful += success ? 1 : 0;
        partial += success && isPartial ? 1 : 0;
        failed += success ? 0 : 1;
        totalMs += ms;
    }

    /**
     * Counts a check.
     *
     * @param statuses what each service was found to be
     */
    synchronized void checked(Map<String, String> statuses, Instant at) {
        checks++;
        lastCheck = at;
        SERVICES.forEach(
                service -> healthy.merge(service, "healthy".equals(statuses.get(service)) ? 1 : 0, Integer::sum));
    }

    synchronized long successful() {
        return successful;
    }

    synchronized long partial() {
        return partial;
    }

    synchronized long failed() {
        return failed;
    }

    synchronized Map<String, @Nullable Object> document() {
        long total = successful + failed;
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("totalOperations", total);
        document.put("successfulOperations", successful);
        document.put("failedOperations", failed);
        document.put("partialOperations", partial);
        document.put("successRate", total == 0 ? 0.0 : (double) successful / total);
        document.put("averageOperationTime", total == 0 ? 0.0 : totalMs / total);
        Map<String, @Nullable Object> availability = new LinkedHashMap<>();
        SERVICES.forEach(service ->
                availability.put(service, checks == 0 ? 100.0 : 100.0 * healthy.getOrDefault(service, 0) / checks));
        document.put("serviceAvailability", availability);
        document.put("lastHealthCheck", lastCheck == null ? null : lastCheck.toString());
        document.put("uptime", ManagementFactory.getRuntimeMXBean().getUptime());
        return document;
    }
}
