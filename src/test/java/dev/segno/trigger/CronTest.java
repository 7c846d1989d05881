package dev.segno.trigger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** R8: which moments an expression names, above all on the days on which clocks change. */
class CronTest {

    @ParameterizedTest(name = "{0} in {1} after {2}")
    @CsvSource({
        // Sydney skips 02:00 to 03:00 on 4 October 2026 and shows it twice on 5 April 2026.
        "0 30 2 * * ?, Australia/Sydney, 2026-10-03T12:00+10:00, 2026-10-04T03:30+11:00 2026-10-05T02:30+11:00",
        "0 0 2 * * ?, Australia/Sydney, 2026-10-03T12:00+10:00, 2026-10-04T03:00+11:00 2026-10-05T02:00+11:00",
        "0 59 1 * * ?, Australia/Sydney, 2026-10-03T12:00+10:00, 2026-10-04T01:59+10:00 2026-10-05T01:59+11:00",
        "0 0 3 * * ?, Australia/Sydney, 2026-10-03T12:00+10:00, 2026-10-04T03:00+11:00 2026-10-05T03:00+11:00",
        "0 30 2 * * ?, Australia/Sydney, 2026-04-04T12:00+11:00, 2026-04-05T02:30+11:00 2026-04-06T02:30+10:00",
        "0 0 3 * * ?, Australia/Sydney, 2026-04-04T12:00+11:00, 2026-04-05T03:00+10:00 2026-04-06T03:00+10:00",
        // Skipped times and the times that they are moved to, in the order of the clock; two at one moment are one.
        "0 0/30 2-3 * * ?, Australia/Sydney, 2026-10-04T01:00+10:00, 2026-10-04T03:00+11:00 2026-10-04T03:30+11:00 2026-10-05T02:00+11:00",
        "0 0/30 2 * * ?, Australia/Sydney, 2026-04-05T01:00+11:00, 2026-04-05T02:00+11:00 2026-04-05T02:30+11:00 2026-04-06T02:00+10:00",
        // By elapsed time there is neither a pause nor a repetition.
        "0 0/30 * * * ?, Australia/Sydney, 2026-10-04T01:10+10:00, 2026-10-04T01:30+10:00 2026-10-04T03:00+11:00 2026-10-04T03:30+11:00",
        "0 30 * * * ?, Australia/Sydney, 2026-04-05T01:00+11:00, 2026-04-05T01:30+11:00 2026-04-05T02:30+11:00 2026-04-05T02:30+10:00 2026-04-05T03:30+10:00",
        // Lord Howe changes by half an hour, Santiago at midnight, Samoa left out a day.
        "0 15 2 * * ?, Australia/Lord_Howe, 2026-10-03T12:00+10:30, 2026-10-04T02:45+11:00 2026-10-05T02:15+11:00",
        "0 45 1 * * ?, Australia/Lord_Howe, 2026-04-04T12:00+11:00, 2026-04-05T01:45+11:00 2026-04-06T01:45+10:30",
        "0 0 * * * ?, Australia/Lord_Howe, 2026-10-04T01:30+10:30, 2026-10-04T03:00+11:00 2026-10-04T04:00+11:00",
        "0 0 0 * * ?, America/Santiago, 2026-09-05T12:00-04:00, 2026-09-06T01:00-03:00 2026-09-07T00:00-03:00",
        "0 0 12 * * ?, Pacific/Apia, 2011-12-29T00:00-10:00, 2011-12-29T12:00-10:00 2011-12-31T12:00+14:00 2012-01-01T12:00+14:00",
        // Leap days, ends of months, the last year.
        "0 0 12 29 2 ?, UTC, 2026-03-01T00:00Z, 2028-02-29T12:00Z 2032-02-29T12:00Z",
        "0 0 12 28 2 ?, UTC, 2027-12-01T00:00Z, 2028-02-28T12:00Z 2029-02-28T12:00Z",
        "0 0 12 L * ?, Europe/Berlin, 2028-02-01T00:00+01:00, 2028-02-29T12:00+01:00 2028-03-31T12:00+02:00",
        "0 0 0 1 1 ? 2099, Australia/Sydney, 2026-01-01T00:00Z, 2099-01-01T00:00+11:00"
    })
    void namesTheseMoments(String expression, String zone, String after, String expected) {
        List<Instant> moments = List.of(expected.split(" ")).stream()
                .map(text -> OffsetDateTime.parse(text).toInstant())
                .toList();

        assertThat(Cron.of(expression, zone).next(OffsetDateTime.parse(after).toInstant(), moments.size()))
                .isEqualTo(moments);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Australia/Sydney",
                "Australia/Lord_Howe",
                "Europe/Berlin",
                "America/New_York",
                "America/Santiago"
            })
    void aDailyTimeComesOnEachDayOnceWhereverItLies(String zone) {
        for (int halfHour = 0; halfHour < 48; halfHour++) {
            Cron cron = Cron.of("0 %d %d * * ?".formatted(halfHour % 2 * 30, halfHour / 2), zone);
            List<Instant> times = cron.next(
                    LocalDate.of(2026, 1, 1)
                            .atStartOfDay(ZoneId.of(zone))
                            .minusNanos(1)
                            .toInstant(),
                    730);

            assertThat(times.stream().map(time -> time.atZone(ZoneId.of(zone)).toLocalDate()))
                    .as(cron.toString())
                    .doesNotHaveDuplicates()
                    .startsWith(LocalDate.of(2026, 1, 1))
                    .endsWith(LocalDate.of(2027, 12, 31))
                    .hasSize(730);
        }
    }

    @Test
    void anHourlyTimeComesEachHourAllYear() {
        List<Instant> times =
                Cron.of("0 0 * * * ?", "Australia/Sydney").next(Instant.parse("2025-12-31T23:30:00Z"), 8760);

        for (int i = 1; i < times.size(); i++) {
            assertThat(Duration.between(times.get(i - 1), times.get(i))).isEqualTo(Duration.ofHours(1));
        }
        assertThat(new HashSet<>(times)).hasSize(8760);
    }

    @Test
    void fromWhereverItIsAskedTheNextMomentIsTheSame() {
        Cron cron = Cron.of("0 0/15 1-3 * * ?", "Australia/Sydney");
        for (String day : List.of("2026-10-03T14:00:00Z", "2026-04-04T14:00:00Z")) {
            Instant start = Instant.parse(day);
            List<Instant> times = cron.between(start, start.plus(Duration.ofHours(5)), 100);
            assertThat(times).isSorted().doesNotHaveDuplicates();
            for (int minute = 0; minute < 300; minute++) {
                Instant asked = start.plus(Duration.ofMinutes(minute));
                Instant expected =
                        times.stream().filter(asked::isBefore).findFirst().orElse(null);
                if (expected != null) {
                    assertThat(cron.next(asked)).as(asked.toString()).contains(expected);
                }
            }
        }
    }

    @Test
    void theLatestOfVeryManyAreFound() {
        Cron cron = Cron.of("* * * * * ?", "UTC");
        Instant until = Instant.parse("2026-11-22T12:00:00Z");

        List<Instant> latest = cron.latestBetween(until.minus(Duration.ofDays(3650)), until, 1000);

        assertThat(latest).hasSize(1000).isSorted();
        assertThat(latest.get(999)).isEqualTo(until);
        assertThat(latest.get(0)).isEqualTo(until.minusSeconds(999));
        assertThat(cron.latestBetween(until.minusSeconds(3), until, 1000)).hasSize(3);
        assertThat(cron.latestBetween(until, until.minusSeconds(3), 1000)).isEmpty();
    }

    @Test
    void whatWillNotComeAgainHasNoNext() {
        assertThat(Cron.of("0 0 0 1 1 ? 2020", "Australia/Sydney").next(Instant.parse("2026-01-01T00:00:00Z")))
                .isEmpty();
        assertThat(Cron.of("0 0 * 1 1 ? 2020", "Australia/Sydney").next(Instant.parse("2026-01-01T00:00:00Z")))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "daily", "0 2 * * *", "0 0 25 * * ?", "0 0 2 * * * * *", "0 0 2 * *", "a b c d e f"})
    void whatIsNoExpressionIsRefusedWithAdvice(String expression) {
        assertThatThrownBy(() -> Cron.of(expression, "UTC"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + expression + "'")
                .hasMessageContaining("0 0 2 * * ?");
    }

    @Test
    void anUnknownZoneIsRefused() {
        assertThatThrownBy(() -> Cron.of("0 0 2 * * ?", "Australia/Sidney"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'Australia/Sidney' is no time zone");
    }
}
