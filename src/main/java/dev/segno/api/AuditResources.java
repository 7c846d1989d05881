package dev.segno.api;

import dev.segno.audit.AuditEntry;
import dev.segno.audit.AuditLog;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The audit record over HTTP, the newest entries first; for editors. */
public final class AuditResources implements ApiRoutes {

    private final AuditLog log;

    public AuditResources(AuditLog log) {
        this.log = log;
    }

    @Override
    public void mount(Router router) {
        router.get("/api/audit").handler(this::list);
    }

    private void list(RoutingContext ctx) {
        int limit = Parameters.limit(ctx);
        long before = before(ctx);
        Answers.answer(ctx, () -> {
            List<AuditEntry> entries = log.latest(before, limit);
            Map<String, @Nullable Object> page = new LinkedHashMap<>();
            page.put("entries", entries.stream().map(AuditResources::document).toList());
            page.put(
                    "nextCursor",
                    entries.size() < limit
                            ? null
                            : String.valueOf(entries.get(entries.size() - 1).sequence()));
            return page;
        });
    }

    private static long before(RoutingContext ctx) {
        return Parameters.parameter(ctx, "cursor").map(Long::parseLong).orElse(Long.MAX_VALUE);
    }

    private static Map<String, @Nullable Object> document(AuditEntry entry) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("sequence", entry.sequence());
        document.put("at", entry.at().toString());
        document.put("caller", entry.act().caller());
        document.put("action", entry.act().action());
        document.put("target", entry.act().target());
        document.put("result", entry.result().name());
        document.put("before", entry.before());
        document.put("after", entry.after());
        document.put("reason", entry.reason());
        document.put("requestId", entry.act().requestId());
        document.put("address", entry.act().address());
        document.put("hash", entry.hash());
        return document;
    }
}
