package dev.segno.camel;

import dev.segno.trigger.Schedules;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;
import org.jspecify.annotations.Nullable;

/**
 * {@code schedules:NAME}: the schedule of that name as data that jq or Simple can shape, with its fires. The answer is a map
 * with {@code found} and {@code schedule}.
 */
final class SchedulesComponent extends DefaultComponent {

    static final String SCHEME = "schedules";

    private static final int FIRES = 10;

    private final Schedules schedules;

    SchedulesComponent(CamelContext context, Schedules schedules) {
        super(context);
        this.schedules = schedules;
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) {
        if (remaining.isBlank()) {
            throw new IllegalArgumentException("schedules: needs a name, as in schedules:product-sync");
        }
        return new ScheduleEndpoint(uri, this, remaining);
    }

    private Map<String, @Nullable Object> answer(String name) {
        Map<String, @Nullable Object> schedule =
                schedules.find(name, FIRES, FIRES).map(ScheduleDocument::of).orElse(null);
        Map<String, @Nullable Object> answer = new LinkedHashMap<>();
        answer.put("found", schedule != null);
        answer.put("schedule", schedule);
        return answer;
    }

    /** One schedule, ready to be looked at. */
    private static final class ScheduleEndpoint extends DefaultEndpoint {
        private final SchedulesComponent component;
        private final String name;

        ScheduleEndpoint(String uri, SchedulesComponent component, String name) {
            super(uri, component);
            this.component = component;
            this.name = name;
        }

        @Override
        public Producer createProducer() {
            return new DefaultProducer(this) {
                @Override
                public void process(Exchange exchange) {
                    exchange.getMessage().setBody(component.answer(name));
                }
            };
        }

        @Override
        public Consumer createConsumer(Processor processor) {
            throw new UnsupportedOperationException("schedules: answers questions; a schedule fires with quartz:");
        }
    }
}
