package dev.segno.camel;

import dev.segno.trigger.Fire;
import dev.segno.trigger.FireTarget;
import dev.segno.trigger.Schedule;
import dev.segno.trigger.Schedules;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.support.DefaultConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Sends an exchange into its route at each fire time. It has no body, Camel's headers for a fire, and the start key of the run
 * that comes of it, so that a fire that comes twice finds its run. While the route is started the schedule is there; when it
 * is stopped the schedule goes, unless a newer version of the route has taken it over.
 */
final class QuartzConsumer extends DefaultConsumer implements FireTarget {

    private final QuartzComponent.QuartzEndpoint endpoint;
    private final Schedules schedules;
    private Schedules.@Nullable Registration registration;

    QuartzConsumer(QuartzComponent.QuartzEndpoint endpoint, Processor processor, Schedules schedules) {
        super(endpoint, processor);
        this.endpoint = endpoint;
        this.schedules = schedules;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        Schedule schedule = endpoint.schedule();
        if (schedule != null) {
            registration = schedules.register(schedule, owner(), this);
        }
    }

    @Override
    protected void doStop() throws Exception {
        Schedules.Registration mine = registration;
        registration = null;
        if (mine != null) {
            mine.close();
        }
        super.doStop();
    }

    /** The route without its version. */
    private String owner() {
        String id = getRoute().getRouteId();
        int at = id.indexOf(RouteVersions.AT);
        return "route " + (at < 0 ? id : id.substring(0, at)) + " of "
                + getRoute().getGroup();
    }

    @Override
    public CompletableFuture<Result> fire(Fire fire) {
        Exchange exchange = createExchange(false);
        Message message = exchange.getMessage();
        message.setHeader(OrchestrationProducer.START_KEY, fire.startKey());
        Schedule schedule = endpoint.schedule();
        message.setHeader("triggerName", schedule == null ? "" : schedule.name());
        message.setHeader("scheduledFireTime", fire.at().toString());
        CompletableFuture<Result> result = new CompletableFuture<>();
        getAsyncProcessor().process(exchange, doneSync -> {
            Throwable failure = exchange.getException();
            if (failure == null) {
                result.complete(resultOf(exchange.getMessage()));
            } else {
                result.completeExceptionally(Failures.unwrap(failure));
            }
            releaseExchange(exchange, false);
        });
        return result;
    }

    private static Result resultOf(Message message) {
        String runId = message.getHeader(OrchestrationProducer.RUN_ID, String.class);
        if (runId == null) {
            return new Result.NoRun();
        }
        // A conflict is the run that the same fire started with another body.
        String outcome = message.getHeader(OrchestrationProducer.OUTCOME, String.class);
        return "busy".equals(outcome) || "throttled".equals(outcome)
                ? new Result.Busy(runId)
                : new Result.Started(runId);
    }
}
