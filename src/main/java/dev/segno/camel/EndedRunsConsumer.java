package dev.segno.camel;

import dev.segno.run.Run;
import dev.segno.trigger.EndedRuns;
import dev.segno.trigger.EndedRuns.Ended;
import dev.segno.trigger.EndedRuns.Reader;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.ScheduledPollConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells its route of each run that has ended, one after another in the order of their ends, and of each day that is over.
 * How far it has come is kept, so that nothing is left out; behind a crash some are told again, with the same position.
 *
 * <p>The body is {@code {event: "run", day, zone, position, run}} or {@code {event: "day", day, zone, position}}; {@code
 * event} and {@code day} are headers too. A day is told to be over a minute after its midnight, when all runs before have
 * been told. A run that ended in it and comes to the disk later still belongs to the next day, so that a day that is over
 * stays as it is.
 */
final class EndedRunsConsumer extends ScheduledPollConsumer {

    private static final int PAGE = 100;

    /** What ended before midnight is on disk by then. */
    private static final Duration GRACE = Duration.ofMinutes(1);

    /** After a long absence, days without any run are not told of one by one. */
    private static final int MOST_DAYS = 31;

    private final RunsComponent component;
    private final String name;
    private final ZoneId zone;
    private @Nullable Reader reader;

    EndedRunsConsumer(
            DefaultEndpoint endpoint, Processor processor, RunsComponent component, String name, ZoneId zone) {
        super(endpoint, processor);
        this.component = component;
        this.name = name;
        this.zone = zone;
    }

    private EndedRuns store() {
        return component.betweenRuns().endedRuns();
    }

    private Instant now() {
        return component.engine().now();
    }

    @Override
    protected void doStart() throws Exception {
        // From now on ends are written down for it, also if the first poll comes later.
        reader = store().reader(name, LocalDate.ofInstant(now(), zone), now()).join();
        super.doStart();
    }

    @Override
    protected int poll() throws Exception {
        Reader place = reader;
        if (place == null) {
            return 0;
        }
        int told = 0;
        List<Ended> page = store().after(place.position(), PAGE);
        while (!page.isEmpty() && isRunAllowed()) {
            try {
                for (Ended ended : page) {
                    if (!isRunAllowed()) {
                        return told;
                    }
                    if (ended.run() != null) {
                        tell(run(ended.position(), ended.run(), place));
                        told++;
                    }
                    place = new Reader(name, ended.position(), place.lastDay());
                }
            } finally {
                keep(place);
            }
            page = store().after(place.position(), PAGE);
        }
        return isRunAllowed() ? told + tellDays(place) : told;
    }

    private int tellDays(Reader place) throws Exception {
        Reader at = place;
        int told = 0;
        LocalDate today = LocalDate.ofInstant(now().minus(GRACE), zone);
        for (LocalDate day = at.lastDay().plusDays(1); day.isBefore(today); day = next(day, today)) {
            tell(day(at.position(), day));
            told++;
            at = new Reader(name, at.position(), day);
            keep(at);
        }
        return told;
    }

    private static LocalDate next(LocalDate day, LocalDate today) {
        LocalDate next = day.plusDays(1);
        LocalDate earliest = today.minusDays(MOST_DAYS);
        return next.isBefore(earliest) ? earliest : next;
    }

    private void keep(Reader place) {
        if (!place.equals(reader)) {
            store().save(place, now()).join();
            reader = place;
        }
    }

    private Map<String, @Nullable Object> run(long position, Run run, Reader place) {
        Instant ended = run.endedAt() == null ? run.updatedAt() : run.endedAt();
        LocalDate day = LocalDate.ofInstant(ended, zone);
        Map<String, @Nullable Object> event = event(
                "run", day.isAfter(place.lastDay()) ? day : place.lastDay().plusDays(1), position);
        Map<String, @Nullable Object> document = RunDocument.summary(run, component.engine());
        document.put(
                "durationMs",
                Math.max(0, Duration.between(run.createdAt(), ended).toMillis()));
        event.put("run", document);
        return event;
    }

    private Map<String, @Nullable Object> day(long position, LocalDate day) {
        return event("day", day, position);
    }

    private Map<String, @Nullable Object> event(String kind, LocalDate day, long position) {
        Map<String, @Nullable Object> event = new LinkedHashMap<>();
        event.put("event", kind);
        event.put("day", day.toString());
        event.put("zone", zone.getId());
        event.put("position", position);
        return event;
    }

    /** @throws Exception when the route has failed; what it was told is told again */
    private void tell(Map<String, @Nullable Object> event) throws Exception {
        Exchange exchange = createExchange(false);
        try {
            exchange.getMessage().setHeader("event", event.get("event"));
            exchange.getMessage().setHeader("day", event.get("day"));
            exchange.getMessage().setBody(Json.plain(event));
            getProcessor().process(exchange);
            if (exchange.getException() != null) {
                throw exchange.getException();
            }
        } finally {
            releaseExchange(exchange, false);
        }
    }
}
