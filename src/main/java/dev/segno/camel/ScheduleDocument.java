package dev.segno.camel;

import dev.segno.trigger.Backfill;
import dev.segno.trigger.Fire;
import dev.segno.trigger.Schedule;
import dev.segno.trigger.ScheduleView;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Schedules as JSON: the one shape in which the API and {@code schedules:} show them. */
public final class ScheduleDocument {

    private ScheduleDocument() {}

    /** A schedule with its next fire and its last one. */
    public static Map<String, @Nullable Object> summary(ScheduleView view) {
        Schedule schedule = view.schedule();
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("name", schedule.name());
        document.put("cron", schedule.cron().expression());
        document.put("zone", schedule.cron().zone().getId());
        document.put("misfire", QuartzComponent.word(schedule.misfire()));
        document.put("overlap", QuartzComponent.word(schedule.overlap()));
        document.put("paused", view.paused());
        document.put("nextFire", view.nextFire().map(Instant::toString).orElse(null));
        document.put(
                "lastFire",
                view.last().stream().findFirst().map(ScheduleDocument::of).orElse(null));
        return document;
    }

    /** A schedule with all the fires that the view has. */
    public static Map<String, @Nullable Object> of(ScheduleView view) {
        Map<String, @Nullable Object> document = summary(view);
        document.put("nextFires", view.next().stream().map(Instant::toString).toList());
        document.put("lastFires", view.last().stream().map(ScheduleDocument::of).toList());
        return document;
    }

    /** One fire. */
    public static Map<String, @Nullable Object> of(Fire fire) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("fireTime", fire.at().toString());
        document.put("kind", QuartzComponent.word(fire.kind()));
        document.put("outcome", QuartzComponent.word(fire.outcome()));
        document.put("runId", fire.runId());
        document.put("reason", fire.reason());
        document.put("changedAt", fire.changedAt().toString());
        return document;
    }

    /** What a backfill came to. */
    public static Map<String, @Nullable Object> of(Backfill backfill) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("firing", backfill.firing());
        document.put("already", backfill.already());
        return document;
    }
}
