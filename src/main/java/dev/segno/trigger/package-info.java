/**
 * What starts runs, and what is kept for it: schedules, their fire times with zones and daylight saving, what becomes of
 * fires that were missed or that overlap, and a record of each of them; and for the routes between runs the batches that
 * they collect, the messages that they have seen, and the runs that have ended.
 *
 * <p>Plain Java with Quartz's cron expressions; uses {@code dev.segno.run} alone. Schedules are written as
 * {@code quartz:} routes and come in through {@link dev.segno.trigger.Schedules#register}; they are kept through
 * {@link dev.segno.trigger.ScheduleStore}, all else through {@link dev.segno.trigger.BetweenRuns}.
 */
@NullMarked
package dev.segno.trigger;

import org.jspecify.annotations.NullMarked;
