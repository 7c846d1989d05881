package dev.segno.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Figures of runs: counts, durations, failures, and nothing counted twice. */
class RunFiguresTest {

    private final RunFigures figures = new RunFigures();
    private final DefaultCamelContext context = new DefaultCamelContext();
    private @Nullable Exchange all;

    private void run(long position, String state, long durationMs) {
        Map<String, Object> run = new LinkedHashMap<>();
        run.put("id", "run-" + position);
        run.put("orchestration", "sync");
        run.put("state", state);
        run.put("durationMs", durationMs);
        if (!state.equals("COMPLETED")) {
            run.put("error", Map.of("message", "no " + position));
        }
        tell(Map.of("event", "run", "day", "2026-03-28", "zone", "UTC", "position", position, "run", run));
    }

    private void tell(Map<String, Object> event) {
        Exchange exchange = new DefaultExchange(context);
        exchange.getMessage().setBody(event);
        all = figures.aggregate(all, exchange);
    }

    private Map<?, ?> closed() {
        tell(Map.of("event", "day", "day", "2026-03-28", "zone", "UTC", "position", 0));
        return (Map<?, ?>) Objects.requireNonNull(all).getMessage().getBody();
    }

    private static Map<?, ?> sync(Map<?, ?> figures) {
        Map<?, ?> orchestrations = (Map<?, ?>) figures.get("orchestrations");
        return (Map<?, ?>)
                Objects.requireNonNull(Objects.requireNonNull(orchestrations).get("sync"));
    }

    @Test
    void medianAndMaximumAreThoseOfTheRuns() {
        for (int run = 1; run <= 1001; run++) {
            run(run, "COMPLETED", run * 7L);
        }

        Map<?, ?> sync = sync(closed());
        assertThat(sync.get("maxMs")).isEqualTo(7007L);
        assertThat((Long) sync.get("p50Ms")).isCloseTo(501 * 7L, within(501 * 7L / 100));
        assertThat(sync.containsKey("times")).isFalse();
    }

    @Test
    void whatIsToldAgainCountsOnce() {
        run(1, "COMPLETED", 0);
        run(2, "FAILED", 0);
        run(1, "COMPLETED", 0);
        run(2, "FAILED", 0);
        run(3, "COMPLETED", 0);

        Map<?, ?> closed = closed();
        assertThat(closed.get("runs")).isEqualTo(3L);
        assertThat(sync(closed).get("states")).isEqualTo(Map.of("COMPLETED", 2L, "FAILED", 1L));
        assertThat(sync(closed).get("p50Ms")).isEqualTo(0L);
    }

    @Test
    void theFirstTwentyFailuresAreShown() {
        for (int run = 1; run <= 25; run++) {
            run(run, "FAILED", 1);
        }

        assertThat((List<?>) sync(closed()).get("failures")).hasSize(20);
    }
}
