package dev.segno.camel.yaml;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The options that components of ours take. One table for the check of files, which tells the place of an unknown one, and for the
 * components that hand all their options on.
 */
public final class OwnOptions {

    private static final Set<String> NONE = Set.of();

    private static final Set<String> CALL = Set.of(
            "path",
            "query",
            "method",
            "timeoutMs",
            "tries",
            "pauseMs",
            "retry",
            "untilDeadline",
            "refusals",
            "busyStatus",
            "busyPath",
            "busyField",
            "busyTimeoutMs",
            "credentialHeader",
            "credential",
            "bearer",
            "requestHeaders",
            "answerHeaders");

    /** What operations of the control plane read; as an option each of them is a parameter that is always the same. */
    private static final Set<String> PARAMETERS = Set.of(
            "all",
            "before",
            "correlation_id",
            "event_type",
            "limit",
            "since",
            "source_service",
            "status",
            "until",
            "workflow_id");

    /** By what an address begins with: {@code from} or {@code to} where that matters, the component, and what it does. */
    private static final Map<String, Set<String>> TABLE = table();

    private OwnOptions() {}

    private static Map<String, Set<String>> table() {
        Map<String, Set<String>> table = new LinkedHashMap<>();
        table.put(
                "from orchestration",
                Set.of(
                        "singleton",
                        "durability",
                        "onFailure",
                        "maxConcurrent",
                        "maxQueued",
                        "whenBusy",
                        "rate",
                        "deadline",
                        "concurrencyKey",
                        "priority"));
        table.put("to orchestration", Set.of("mode", "wait"));
        table.put("await:sleep", Set.of("for"));
        table.put("await", Set.of("timeout"));
        table.put("service", CALL);
        table.put("runs:latest", Set.of("orchestration", "state"));
        table.put("runs:list", Set.of("orchestration", "state", "limit"));
        table.put("runs:get", Set.of("id", "whole"));
        table.put("runs:retry", Set.of("id"));
        table.put("runs:cancel", Set.of("id"));
        table.put("runs:signal", Set.of("id", "name"));
        table.put("runs:token", Set.of("await"));
        table.put(
                "runs:ended",
                Set.of(
                        "name",
                        "zone",
                        // Those of Camel's polling consumers.
                        "delay",
                        "initialDelay",
                        "timeUnit",
                        "useFixedDelay",
                        "greedy",
                        "repeatCount",
                        "backoffMultiplier",
                        "backoffIdleThreshold",
                        "backoffErrorThreshold",
                        "sendEmptyMessageWhenIdle",
                        "runLoggingLevel",
                        "startScheduler"));
        table.put("runs", NONE);
        table.put("schedules", NONE);
        table.put("notices", NONE);
        table.put("secrets", Set.of("fields"));
        table.put("quartz", Set.of("cron", "trigger.timeZone", "trigger.misfireInstruction", "misfire", "overlap"));
        table.put(
                "from redis-stream",
                Set.of(
                        "group",
                        "consumer",
                        "batch",
                        "maxDeliveries",
                        "claimIdle",
                        "retryDelay",
                        "trim",
                        "deadLetter",
                        "body"));
        table.put("to redis-stream", NONE);
        table.put("redis-pubsub", NONE);
        table.put("control:reply", Set.of("style", "message", "repeat", "data"));
        table.put("control:refuse", Set.of("status", "code", "message", "field"));
        table.put("control", PARAMETERS);
        table.put("shopping:say", Set.of("type"));
        table.put("shopping:enter", Set.of("stage", "message"));
        table.put("shopping", Set.of("limit", "session_id", "user_id"));
        return table;
    }

    /**
     * What a component takes.
     *
     * @param from whether a route begins there
     * @param path what stands behind the component's name
     * @return empty where the component is none of ours
     */
    public static Optional<Set<String>> of(boolean from, String scheme, String path) {
        Set<String> ofPath = TABLE.get(scheme + ':' + path);
        Set<String> ofRole = TABLE.get((from ? "from " : "to ") + scheme);
        return Optional.ofNullable(ofPath != null ? ofPath : ofRole != null ? ofRole : TABLE.get(scheme));
    }

    /** Whether it knows the option where a route begins, although not where one calls; or the other way round. */
    static boolean belongsElsewhere(boolean from, String scheme, String option) {
        return TABLE.getOrDefault((from ? "to " : "from ") + scheme, NONE).contains(option);
    }

    /**
     * Refuses an option that a component does not know, for one that would take whatever it is given.
     *
     * @param options what it was given
     * @throws IllegalArgumentException that names the option and those that there are
     */
    public static void refuseOthers(String scheme, String path, Set<String> options) {
        Set<String> known = of(false, scheme, path).orElse(NONE);
        for (String option : new TreeSet<>(options)) {
            if (!known.contains(option) && !CamelOptions.isOfEach(option)) {
                throw new IllegalArgumentException(
                        "'%s:%s' has no option '%s'. %s".formatted(scheme, path, option, advice(option, known)));
            }
        }
    }

    /** The one that was meant, and all that there are. */
    static String advice(String option, Set<String> known) {
        String meant = Spelling.closest(option, known);
        return (meant == null ? "" : "Did you mean '%s'? ".formatted(meant))
                + (known.isEmpty() ? "It takes no options" : "It takes " + String.join(", ", new TreeSet<>(known)));
    }
}
