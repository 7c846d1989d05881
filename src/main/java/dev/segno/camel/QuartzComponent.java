package dev.segno.camel;

import dev.segno.trigger.Cron;
import dev.segno.trigger.MisfirePolicy;
import dev.segno.trigger.OverlapRule;
import dev.segno.trigger.Schedule;
import dev.segno.trigger.Schedules;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.DefaultEndpoint;
import org.jspecify.annotations.Nullable;

/**
 * {@code quartz:NAME?cron=…&trigger.timeZone=…}: fires its route at the times of a cron expression. Written as for Camel's
 * component of that name; pauses, misfires and the record of fires outlive the process (docs/decisions/0006).
 *
 * <p>Options of ours are {@code misfire=fire-once|skip|catch-up} and {@code overlap=skip|queue|allow}; Camel's
 * {@code trigger.misfireInstruction} is taken for the first.
 */
final class QuartzComponent extends DefaultComponent {

    static final String SCHEME = "quartz";

    /** Instead of an expression: the route is there, and never fires. */
    private static final String OFF = "off";

    /** Any expression. */
    private static final String SOME = "0 0 0 * * ?";

    private final Schedules schedules;

    QuartzComponent(CamelContext context, Schedules schedules) {
        super(context);
        this.schedules = schedules;
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) {
        if (remaining.isBlank()) {
            throw new IllegalArgumentException("quartz: needs a name, as in quartz:product-sync");
        }
        String expression = getAndRemoveParameter(parameters, "cron", String.class);
        String zone = getAndRemoveParameter(parameters, "trigger.timeZone", String.class, "UTC");
        if (expression == null) {
            throw new IllegalArgumentException(
                    "quartz:" + remaining
                            + " needs the option cron, as in cron: '0 0 2 * * ?'; intervals are written as cron expressions too");
        }
        MisfirePolicy instruction = instruction(parameters);
        MisfirePolicy misfire = option(parameters, "misfire", MisfirePolicy.class, instruction);
        OverlapRule overlap = option(parameters, "overlap", OverlapRule.class, OverlapRule.SKIP);
        if (!parameters.isEmpty()) {
            throw new IllegalArgumentException("quartz:" + remaining + " does not know " + parameters.keySet()
                    + "; it takes cron, trigger.timeZone, misfire and overlap");
        }
        boolean off = expression.strip().equals(OFF);
        Cron cron;
        try {
            // In the query of a URI a plus stands for a blank. The zone is looked at where the schedule is off too: it
            // may be a setting by which others go who do not look.
            cron = Cron.of(off ? SOME : expression.replace('+', ' '), zone);
        } catch (IllegalArgumentException e) {
            // Without its cause: a problem with a file is told by the innermost message, and this one says what to
            // write.
            throw new IllegalArgumentException("quartz:" + remaining + ": " + e.getMessage());
        }
        return new QuartzEndpoint(uri, this, off ? null : new Schedule(remaining, cron, misfire, overlap));
    }

    Schedules schedules() {
        return schedules;
    }

    /** The numbers that Quartz has for its policies. */
    private MisfirePolicy instruction(Map<String, Object> parameters) {
        String text = getAndRemoveParameter(parameters, "trigger.misfireInstruction", String.class, "0");
        return switch (text) {
            case "0", "1" -> MisfirePolicy.FIRE_ONCE;
            case "2" -> MisfirePolicy.SKIP;
            case "-1" -> MisfirePolicy.CATCH_UP;
            default ->
                throw new IllegalArgumentException("Option trigger.misfireInstruction is '" + text
                        + "'; it can be 1 (fire once), 2 (skip) or -1 (catch up)");
        };
    }

    private <T extends Enum<T>> T option(Map<String, Object> parameters, String name, Class<T> type, T otherwise) {
        String text = getAndRemoveParameter(parameters, name, String.class);
        if (text == null) {
            return otherwise;
        }
        return Arrays.stream(type.getEnumConstants())
                .filter(value -> word(value).equalsIgnoreCase(text.strip()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("Option " + name + " of quartz: is '" + text
                        + "'; it can be one of "
                        + Arrays.stream(type.getEnumConstants())
                                .map(QuartzComponent::word)
                                .collect(Collectors.joining(", "))));
    }

    /** An option's value as it is written in routes and documents. */
    static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** One schedule. */
    static final class QuartzEndpoint extends DefaultEndpoint {
        private final @Nullable Schedule schedule;

        QuartzEndpoint(String uri, QuartzComponent component, @Nullable Schedule schedule) {
            super(uri, component);
            this.schedule = schedule;
        }

        @Override
        public Consumer createConsumer(Processor processor) {
            return new QuartzConsumer(this, processor, ((QuartzComponent) getComponent()).schedules());
        }

        @Override
        public Producer createProducer() {
            throw new UnsupportedOperationException("quartz: fires by the clock; it takes no messages");
        }

        /** Null where it is switched off. */
        @Nullable
        Schedule schedule() {
            return schedule;
        }
    }
}
