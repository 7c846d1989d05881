/**
 * What starts runs by the clock: schedules, their fire times with zones and daylight saving, what becomes of fires that
 * were missed or that overlap, and a record of each of them.
 *
 * <p>Plain Java with Quartz's cron expressions; uses {@code dev.segno.run} alone. Schedules are written as
 * {@code quartz:} routes and come in through {@link dev.segno.trigger.Schedules#register}; they are kept through
 * {@link dev.segno.trigger.ScheduleStore}.
 */
@NullMarked
package dev.segno.trigger;

import org.jspecify.annotations.NullMarked;
