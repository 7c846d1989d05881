package dev.segno.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The desk in front of one stand-in: notes each call, asks for the key, refuses what cannot be done now, lets faults happen
 * and answers a repeated idempotency key from its record. The work is bound to timers and not to connections, so it goes on
 * when the caller hangs up.
 *
 * <p>In this order: key, busy, faults, recorded answer, work. A call that is refused as busy therefore uses up no fault, and
 * a fault of the connection meets repeats too.
 */
final class Desk {

    private static final long LARGEST_BODY_BYTES = 256L * 1024 * 1024;

    private final Vertx vertx;
    private final StandIn standIn;
    private final int port;
    private final String adminKey;
    private final Clock clock;
    private final Router router;
    private final CallLog calls;
    private final Faults faults = new Faults();
    private final IdempotentAnswers answers = new IdempotentAnswers();
    private final ServiceDocument document;
    private final Set<Call> underWay = new HashSet<>();
    /** The callers whose answer a timer will give. */
    private final Map<Long, Reply> waiting = new HashMap<>();

    private Instant busyUntil = Instant.MIN;

    /** @param port on which it will listen; 0: any */
    Desk(Vertx vertx, StandIn standIn, int port, String adminKey, Clock clock) {
        this.vertx = vertx;
        this.port = port;
        this.standIn = standIn;
        this.adminKey = adminKey;
        this.clock = clock;
        this.calls = new CallLog(clock);
        this.document = new ServiceDocument(standIn);
        this.router = Router.router(vertx);
        router.route().handler(BodyHandler.create(false).setBodyLimit(LARGEST_BODY_BYTES));
        new ControlInterface(standIn, this).mount(router);
        on(
                HttpMethod.GET,
                "/healthz",
                Operation.read(request -> Answer.text("OK")).withoutKey());
        on(
                HttpMethod.GET,
                "/health",
                Operation.read(request -> Answer.json(200, standIn.health())).withoutKey());
        on(
                HttpMethod.GET,
                "/openapi.json",
                Operation.read(request -> Answer.json(200, document.json())).withoutKey());
        standIn.open(this);
        Operation unknown =
                Operation.read(request -> Answer.error(404, "Not found", "No such path: " + request.path()));
        router.route().handler(context -> receive(context, unknown.withoutKey()));
    }

    /** Puts an operation at a method and a path, in which {@code :name} stands for a parameter. */
    void on(HttpMethod method, String path, Operation operation) {
        document.add(method, path);
        router.route(method, path).handler(context -> receive(context, operation));
    }

    /** A client for services that call others. */
    HttpClient client() {
        return vertx.createHttpClient();
    }

    /** For services that speak something else than HTTP. */
    Vertx vertx() {
        return vertx;
    }

    /** The port that its configuration gives it; 0: any. */
    int port() {
        return port;
    }

    Router router() {
        return router;
    }

    CallLog calls() {
        return calls;
    }

    Faults faults() {
        return faults;
    }

    /** Whether an exclusive call would be refused now. */
    boolean busy() {
        return !underWay.isEmpty() || clock.instant().isBefore(busyUntil);
    }

    /** Forgets that anything is under way, without ending it: two calls may then work at once. */
    void clearBusy() {
        underWay.clear();
        busyUntil = Instant.MIN;
    }

    /** Back to how it was at start. Work that is under way is given up and its caller cut off. */
    void reset() {
        waiting.forEach((timer, reply) -> {
            vertx.cancelTimer(timer);
            reply.drop();
        });
        waiting.clear();
        clearBusy();
        calls.clear();
        faults.clear();
        answers.clear();
        standIn.reset();
    }

    private void receive(RoutingContext context, Operation operation) {
        Request request = Request.of(context);
        Call call = calls.open(request, operation.works() ? underWay.size() : 0);
        Reply reply = new Reply(context.request(), call, clock);
        if (!operation.open() && !adminKey.equals(request.header("x-admin-key"))) {
            reply.send(Answer.unauthorized());
            return;
        }
        String key = operation.works() && standIn.honoursKeys() ? scopedKey(request) : null;
        if (refuses(operation, key)) {
            reply.send(standIn.busy());
            return;
        }
        Faults.Injected injected = faults.take(request);
        Fault decided = injected.decided();
        switch (decided == null ? Fault.Kind.DELAY : decided.kind()) {
            case STATUS -> later(reply, injected.delay(), () -> reply.send(failure(decided)));
            case CLOSE_BEFORE_WORK -> later(reply, injected.delay(), reply::drop);
            case BUSY -> {
                busyUntil = clock.instant().plusMillis(decided == null ? 0 : decided.value());
                reply.send(standIn.busy());
            }
            default -> perform(new Turn(request, call, reply, operation, key, injected));
        }
    }

    /** One call that is let through to the service. */
    private record Turn(
            Request request,
            Call call,
            Reply reply,
            Operation operation,
            @Nullable String key,
            Faults.Injected injected) {}

    private void perform(Turn turn) {
        Answer recorded = answers.recorded(turn.key());
        if (recorded != null) {
            turn.call().repeated();
            later(turn.reply(), turn.injected().delay(), () -> finish(turn, recorded));
            return;
        }
        Duration time;
        try {
            time = turn.operation().time().apply(turn.request());
        } catch (IllegalArgumentException e) {
            turn.reply().send(Answer.error(400, "Bad request", String.valueOf(e.getMessage())));
            return;
        }
        if (turn.operation().works()) {
            underWay.add(turn.call());
            answers.begin(turn.key());
        }
        later(turn.reply(), time.plus(turn.injected().delay()), () -> work(turn));
    }

    private void work(Turn turn) {
        Future<Answer> working;
        try {
            working = turn.operation()
                    .answer()
                    .perform(turn.request(), turn.injected().recordErrors());
        } catch (IllegalArgumentException e) {
            working = Future.succeededFuture(Answer.error(400, "Bad request", String.valueOf(e.getMessage())));
        }
        working.onSuccess(answer -> {
            worked(turn, answer);
            finish(turn, answer);
        });
    }

    private void worked(Turn turn, Answer answer) {
        if (turn.operation().works()) {
            underWay.remove(turn.call());
            if (answer.status() < 300) {
                turn.call().worked();
                answers.complete(turn.key(), answer);
            } else {
                answers.abandon(turn.key());
            }
        }
    }

    private void finish(Turn turn, Answer answer) {
        if (turn.injected().decidedBy(Fault.Kind.CLOSE_AFTER_WORK)) {
            turn.reply().drop();
        } else if (turn.injected().decidedBy(Fault.Kind.HOLD_AFTER_WORK)) {
            later(turn.reply(), turn.injected().hold(), () -> turn.reply().send(answer));
        } else if (turn.injected().decidedBy(Fault.Kind.MALFORMED)) {
            turn.reply().send(answer.malformed());
        } else {
            turn.reply().send(answer);
        }
    }

    private boolean refuses(Operation operation, @Nullable String key) {
        if (!operation.works()) {
            return false;
        }
        boolean taken = operation.kind() == Operation.Kind.EXCLUSIVE_WORK && !underWay.isEmpty();
        boolean busy = taken || clock.instant().isBefore(busyUntil);
        return answers.isUnderWay(key) || (busy && answers.recorded(key) == null);
    }

    private Answer failure(@Nullable Fault decided) {
        int status = decided == null ? 500 : decided.value();
        return status == 409 ? standIn.busy() : standIn.failure(status);
    }

    private void later(Reply reply, Duration delay, Runnable action) {
        if (delay.isZero()) {
            action.run();
            return;
        }
        long timer = vertx.setTimer(delay.toMillis(), fired -> {
            waiting.remove(fired);
            action.run();
        });
        waiting.put(timer, reply);
    }

    private static @Nullable String scopedKey(Request request) {
        String key = request.header("idempotency-key");
        return key == null ? null : request.method() + " " + request.path() + " " + key;
    }

    /** How the desk and its service stand, as {@code GET /_sandbox} shows it, without the calls. */
    ObjectNode state(boolean ids) {
        ObjectNode state = Json.object()
                .put("name", standIn.name())
                .put("totalCalls", calls.size())
                .put("overlaps", calls.overlaps())
                .put("underWay", underWay.size());
        state.set("sizes", standIn.sizes());
        state.set("faults", faults.json());
        state.set("records", standIn.records(ids));
        return state;
    }
}
