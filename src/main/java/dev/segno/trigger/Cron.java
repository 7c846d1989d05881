package dev.segno.trigger;

import java.text.ParseException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.SimpleTimeZone;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.quartz.CronExpression;

/**
 * A Quartz cron expression in a time zone, with a rule for the days on which clocks change.
 *
 * <p>An expression names times of the wall clock. A time that the clock skips fires as if it had not been changed (02:30 at
 * 03:30), one that it shows twice fires at the first. An expression whose hours are {@code *} goes by elapsed time instead: it
 * neither pauses nor repeats itself when clocks change. Quartz alone would leave out a day or an hour
 * (docs/decisions/0006). Fire times are whole seconds. Never changes, and is safe for use by
 * many threads.
 */
public final class Cron {

    private static final Pattern EVERY_HOUR = Pattern.compile("\\*|\\*/1|0/1|0-23");

    /** More than two offsets of one zone can differ. */
    private static final Duration MOST_DIFFERENCE = Duration.ofDays(2);

    private final String expression;

    /** Used under its own lock: what it is asked depends on a zone that it is told before. */
    private final CronExpression parsed;

    private final ZoneId zone;
    private final boolean everyHour;

    private Cron(String expression, CronExpression parsed, ZoneId zone) {
        this.expression = expression;
        this.parsed = parsed;
        this.zone = zone;
        this.everyHour = EVERY_HOUR.matcher(expression.split(" ")[2]).matches();
    }

    /**
     * Parses an expression of six or seven fields: seconds, minutes, hours, day of the month, month, day of the week, year.
     *
     * @param zone a name such as {@code Australia/Sydney}
     * @throws IllegalArgumentException when one of them is not valid; the message says what to write
     */
    public static Cron of(String expression, String zone) {
        String text = expression.strip().replaceAll("\\s+", " ");
        CronExpression parsed;
        try {
            parsed = new CronExpression(text);
        } catch (ParseException | RuntimeException e) {
            throw new IllegalArgumentException(
                    "'" + expression + "' is no cron expression: " + e.getMessage()
                            + ". Write seconds, minutes, hours, day of the month, month and day of the week,"
                            + " as in '0 0 2 * * ?' for 02:00 each day",
                    e);
        }
        try {
            return new Cron(text, parsed, ZoneId.of(zone.strip()));
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "'" + zone + "' is no time zone; write one such as Australia/Sydney or UTC", e);
        }
    }

    public String expression() {
        return expression;
    }

    public ZoneId zone() {
        return zone;
    }

    /** The first fire time after a moment; empty when there will be none. */
    public Optional<Instant> next(Instant after) {
        return Optional.ofNullable(everyHour ? nextElapsed(after) : nextOfWallClock(after));
    }

    /** Up to {@code limit} fire times after a moment, in their order. */
    public List<Instant> next(Instant after, int limit) {
        return between(after, Instant.MAX, limit);
    }

    /** Up to {@code limit} fire times after {@code after} and not after {@code until}, the earliest ones, in their order. */
    public List<Instant> between(Instant after, Instant until, int limit) {
        List<Instant> times = new ArrayList<>();
        Optional<Instant> time = next(after);
        while (times.size() < limit && time.isPresent() && !time.get().isAfter(until)) {
            times.add(time.get());
            time = next(time.get());
        }
        return times;
    }

    /** As {@link #between}, but the latest ones, also where there are very many. */
    public List<Instant> latestBetween(Instant after, Instant until, int limit) {
        List<Instant> times = List.of();
        Duration span = Duration.ofMinutes(1);
        for (Instant from = until; times.size() < limit && from.isAfter(after); span = span.multipliedBy(8)) {
            Instant earlier = until.minus(span);
            from = earlier.isAfter(after) ? earlier : after;
            times = between(from, until, Integer.MAX_VALUE);
        }
        return List.copyOf(times.subList(Math.max(0, times.size() - limit), times.size()));
    }

    /** Each period between two changes of the clock has one offset, in which Quartz's calendar is exact. */
    private @Nullable Instant nextElapsed(Instant after) {
        ZoneRules rules = zone.getRules();
        Instant from = after;
        ZoneOffset offset = rules.getOffset(from);
        while (true) {
            Instant found = next(from, offset);
            ZoneOffsetTransition change = rules.nextTransition(from);
            if (found == null || change == null || found.isBefore(change.getInstant())) {
                return found;
            }
            Instant near = found.minus(MOST_DIFFERENCE);
            if (near.isAfter(change.getInstant())) {
                from = near;
                offset = rules.getOffset(from);
            } else {
                offset = change.getOffsetAfter();
                Instant first = next(change.getInstant().minusMillis(1), offset);
                if (first == null || first.equals(change.getInstant())) {
                    return first;
                }
                from = change.getInstant();
            }
        }
    }

    private @Nullable Instant nextOfWallClock(Instant after) {
        ZoneRules rules = zone.getRules();
        LocalDateTime local = startOfSearch(after, rules);
        Instant best = null;
        for (local = nextLocal(local); local != null; local = nextLocal(local)) {
            // In a gap the offset before it counts, in an overlap the earlier one of the two.
            Instant time = local.atZone(zone).toInstant();
            if (time.isAfter(after) && (best == null || time.isBefore(best))) {
                best = time;
            }
            if (best != null && !rules.getValidOffsets(local).isEmpty()) {
                // What the clock skipped comes after what it showed next; behind that, all is in order.
                return best;
            }
        }
        return best;
    }

    /** Times of a gap may be yet to come when the clock shows later ones already. */
    private LocalDateTime startOfSearch(Instant after, ZoneRules rules) {
        LocalDateTime local = LocalDateTime.ofInstant(after, rules.getOffset(after));
        ZoneOffsetTransition change = rules.previousTransition(after.plusNanos(1));
        boolean inLeeOfGap = change != null
                && change.isGap()
                && after.isBefore(change.getInstant().plus(change.getDuration()));
        return change != null && inLeeOfGap ? change.getDateTimeBefore().minusSeconds(1) : local;
    }

    private @Nullable LocalDateTime nextLocal(LocalDateTime after) {
        Instant found = next(after.toInstant(ZoneOffset.UTC), ZoneOffset.UTC);
        return found == null ? null : LocalDateTime.ofInstant(found, ZoneOffset.UTC);
    }

    private @Nullable Instant next(Instant after, ZoneOffset offset) {
        synchronized (parsed) {
            parsed.setTimeZone(new SimpleTimeZone(offset.getTotalSeconds() * 1000, offset.getId()));
            Date found = parsed.getNextValidTimeAfter(Date.from(after));
            return found == null ? null : found.toInstant();
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Cron cron && expression.equals(cron.expression) && zone.equals(cron.zone);
    }

    @Override
    public int hashCode() {
        return 31 * expression.hashCode() + zone.hashCode();
    }

    @Override
    public String toString() {
        return expression + " " + zone;
    }
}
