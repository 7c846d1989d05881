package dev.segno.hub;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.segno.run.Run;
import dev.segno.run.StoreUnavailable;
import dev.segno.trigger.EndedRuns;
import dev.segno.trigger.EndedRuns.Ended;
import dev.segno.trigger.EndedRuns.Reader;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts operations that have ended, each once, over restarts: how far it has come is kept in the store together with the
 * figures. Blocks on the store. Thread-safe.
 */
final class CountedEnds {

    private static final Logger LOG = LoggerFactory.getLogger(CountedEnds.class);
    private static final String NAME = "service-hub";
    private static final int PAGE = 100;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final EndedRuns ends;
    private final Function<String, Map<String, @Nullable Object>> json;
    private final Clock clock;
    private @Nullable Reader place;
    private HubFigures figures = HubFigures.NONE;

    CountedEnds(EndedRuns ends, Function<String, Map<String, @Nullable Object>> json, Clock clock) {
        this.ends = ends;
        this.json = json;
        this.clock = clock;
    }

    /** From now on ends are written down for it. */
    synchronized void begin() {
        Instant now = clock.instant();
        Reader known =
                ends.reader(NAME, LocalDate.ofInstant(now, ZoneOffset.UTC), now).join();
        figures = known.note() == null ? HubFigures.NONE : HubFigures.of(json.apply(known.note()));
        place = known;
    }

    /**
     * Counts the ends that have come since. One of which the teller cannot make anything is passed by, so that it is not
     * in the way of those behind it; what only the store is in the way of is counted the next time.
     *
     * @param teller is told of each run, before it is on record that it was; makes an operation of it, if it is one
     */
    synchronized void count(Function<Run, Optional<EndedOperation>> teller) {
        Reader at = place;
        if (at == null) {
            return;
        }
        List<Ended> page = ends.after(at.position(), PAGE);
        while (!page.isEmpty()) {
            HubFigures sum = figures;
            for (Ended ended : page) {
                Optional<EndedOperation> end = Optional.ofNullable(ended.run()).flatMap(run -> told(run, teller));
                sum = end.map(sum::plus).orElse(sum);
            }
            at = new Reader(NAME, page.get(page.size() - 1).position(), at.lastDay(), text(sum.note()));
            ends.save(at, clock.instant()).join();
            place = at;
            figures = sum;
            page = ends.after(at.position(), PAGE);
        }
    }

    private static Optional<EndedOperation> told(Run run, Function<Run, Optional<EndedOperation>> teller) {
        try {
            return teller.apply(run);
        } catch (RuntimeException e) {
            Throwable cause = e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
            if (cause instanceof StoreUnavailable) {
                throw e;
            }
            LOG.warn("The end of run {} is not counted", run.id(), e);
            return Optional.empty();
        }
    }

    synchronized HubFigures figures() {
        return figures;
    }

    private static String text(Map<String, @Nullable Object> note) {
        try {
            return JSON.writeValueAsString(note);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Numbers can be written as JSON", e);
        }
    }
}
