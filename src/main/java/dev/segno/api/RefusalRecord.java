package dev.segno.api;

import dev.segno.audit.Act;
import dev.segno.audit.Audit;
import dev.segno.security.ApiError;
import dev.segno.security.Caller;
import dev.segno.security.Refusals;
import dev.segno.security.RequestId;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts what the door refused to known callers into the audit record. Thread-safe. */
public final class RefusalRecord implements Refusals {

    private static final Logger LOG = LoggerFactory.getLogger(RefusalRecord.class);

    private static final String RECORDED = "segno.refusal-recorded";

    private final Audit audit;

    public RefusalRecord(Audit audit) {
        this.audit = audit;
    }

    @Override
    public void refused(RoutingContext ctx, Caller caller, ApiError error) {
        ctx.put(RECORDED, true);
        @Nullable Operation operation = Operation.of(ctx);
        String path = String.valueOf(ctx.request().path());
        Act act = new Act(
                caller.name(),
                operation == null ? ctx.request().method().name() : operation.act(),
                operation == null ? path : operation.path().restOf(path),
                RequestId.of(ctx.request()),
                ctx.request().remoteAddress() == null
                        ? null
                        : ctx.request().remoteAddress().hostAddress());
        audit.refusing(act, error.message()).whenComplete((done, failure) -> {
            if (failure != null) {
                // What was refused stays refused, also when that cannot be recorded.
                LOG.warn("A refused request could not be recorded", failure);
            }
        });
    }

    /** Whether a request was refused to a known caller, and is in the record. */
    static boolean has(RoutingContext ctx) {
        return Boolean.TRUE.equals(ctx.get(RECORDED));
    }
}
