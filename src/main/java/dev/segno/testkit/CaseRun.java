package dev.segno.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.segno.camel.yaml.CheckedRouteFile;
import dev.segno.run.Engine;
import dev.segno.run.Payload;
import dev.segno.run.Run;
import dev.segno.run.RunQuery;
import dev.segno.run.RunState;
import dev.segno.run.Signal;
import dev.segno.run.StartRequest;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Does what one case says: starts its run and drives it, time, signals and crashes included, until nothing is left to do. */
final class CaseRun implements AutoCloseable {

    /** Real time that a case may take. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** How often a run is looked at that is under way, but for which the time is used up. */
    private static final int LOOKS = 50;

    private final TestCase test;
    private final List<CheckedRouteFile> routes;
    private final StandIns standIns;
    private final Optional<MailServer> mail;
    private final SkippedTime time;
    private final TestProcess.Parts parts;
    private final long deadline = System.nanoTime() + PATIENCE.toNanos();
    private final Instant begin;
    private final Deque<TestCase.PlannedSignal> signals;
    private final Deque<TestCase.Crash> crashes;
    private int retriesLeft;
    private int signalsSent;
    private @Nullable Instant signalDue;
    private TestProcess process;
    private volatile @Nullable String runId;

    private CaseRun(TestCase test, List<CheckedRouteFile> routes, Vertx vertx, Path data) throws Exception {
        this.test = test;
        this.routes = routes;
        begin = test.now().orElseGet(() -> Instant.now().truncatedTo(ChronoUnit.MILLIS));
        time = new SkippedTime(begin);
        signals = new ArrayDeque<>(test.signals());
        crashes = new ArrayDeque<>(test.crashes());
        retriesLeft = test.retries();
        standIns = StandIns.open(vertx, test.stubs());
        mail = test.mail() ? Optional.of(MailServer.open()) : Optional.empty();
        Map<String, String> settings = new HashMap<>(standIns.addresses());
        mail.ifPresent(server -> settings.putAll(server.addresses()));
        settings.putAll(test.settings());
        parts = new TestProcess.Parts(vertx, data, time, name -> Optional.ofNullable(settings.get(name)));
        try {
            process = begin();
        } catch (Exception e) {
            closeServers();
            throw e;
        }
    }

    /** Runs a case on a store in an empty directory. */
    static CaseResult of(TestCase test, List<CheckedRouteFile> routes, Vertx vertx, Path data) {
        long begun = System.nanoTime();
        List<String> differences = new ArrayList<>();
        List<String> account = new ArrayList<>();
        try (CaseRun run = new CaseRun(test, routes, vertx, data)) {
            run.start();
            run.drive();
            run.judge(differences, account);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            differences.add("the case was interrupted");
        } catch (Exception e) {
            String message = e.getMessage();
            differences.addAll(
                    (message == null ? e.toString() : message).lines().toList());
        }
        return new CaseResult(
                test.file(),
                test.line(),
                test.name(),
                Duration.ofNanos(System.nanoTime() - begun),
                List.copyOf(differences),
                List.copyOf(account));
    }

    private TestProcess begin() throws Exception {
        TestProcess next = TestProcess.start(parts, routes);
        TestCase.Crash crash = crashes.peek();
        if (crash != null && crash.recorded()) {
            next.diesWhen(() -> hasRecord(next, crash.step()));
        }
        standIns.serve(new StandIns.Caller(
                call -> {
                    if (crash != null && !crash.recorded() && call.isOf(crash.step())) {
                        next.die();
                    }
                    return next.isGone();
                },
                next::callRests));
        return next;
    }

    private boolean hasRecord(TestProcess asked, String step) {
        // The first steps may end before this class has heard of the run's id.
        String id = runId;
        Optional<String> known = id != null
                ? Optional.of(id)
                : asked.store().list(RunQuery.latest(test.orchestration())).stream()
                        .map(Run::id)
                        .findFirst();
        return known.filter(found -> asked.store().journal(found).stream()
                        .anyMatch(record -> record.key().path().equals(step)))
                .isPresent();
    }

    private void start() throws InterruptedException, ExecutionException, TimeoutException {
        String headers = test.headers().isEmpty() ? null : Json.text(test.headers());
        StartRequest request = new StartRequest(test.orchestration(), payload(test.input()), headers, null);
        Engine.Start start = process.engine().start(request).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        runId = start.outcome().runId();
    }

    private static Payload.Inline payload(@Nullable JsonNode body) {
        return body == null || body.isNull()
                ? (Payload.Inline) Payload.NONE
                : new Payload.Inline(Payload.Kind.JSON, body.toString().getBytes(StandardCharsets.UTF_8));
    }

    private void drive() throws Exception {
        int looks = 0;
        while (true) {
            if (!process.settle(Duration.ofNanos(deadline - System.nanoTime()))) {
                throw new IllegalStateException("the case took longer than " + PATIENCE.toSeconds()
                        + " s: something goes on without end, or hangs outside of kamelet:call");
            }
            if (process.isGone()) {
                crashes.remove();
                process.close();
                process = begin();
                process.runtime().recover();
            } else if (process.engine().liveCount() > 0) {
                if (advanceToNextTimer()) {
                    looks = 0;
                } else if (isTimeUsedUp() && ++looks > LOOKS) {
                    return;
                } else {
                    process.awaitChange();
                }
            } else if (!sendSignal() && !retry() && !endWait()) {
                return;
            }
        }
    }

    private boolean advanceToNextTimer() {
        Optional<Instant> next = time.next();
        if (next.isEmpty() || isBeyondLimit(next.get())) {
            return false;
        }
        time.advanceTo(next.get());
        return true;
    }

    private boolean isTimeUsedUp() {
        return time.next().filter(this::isBeyondLimit).isPresent();
    }

    private boolean isBeyondLimit(Instant instant) {
        return test.skip().filter(skip -> instant.isAfter(begin.plus(skip))).isPresent();
    }

    /** Sends the next signal if its run waits, or lets the time go by that is to go by first. */
    private boolean sendSignal() throws Exception {
        TestCase.PlannedSignal signal = signals.peek();
        if (signal == null) {
            return false;
        }
        Run target = signal.to() == null
                ? run()
                : process.store().list(RunQuery.latest(signal.to())).stream()
                        .findFirst()
                        .orElse(null);
        if (target == null || target.state() != RunState.WAITING) {
            return false;
        }
        Instant due = signalDue == null ? time.instant().plus(signal.after()) : signalDue;
        signalDue = due;
        Optional<Instant> wait = process.store().nextDue();
        if (isBeyondLimit(due) || wait.filter(first -> !first.isAfter(due)).isPresent()) {
            return false;
        }
        time.advanceTo(due);
        signals.remove();
        signalDue = null;
        signalsSent++;
        process.engine()
                .signal(new Signal(
                        target.id(), "test-" + signalsSent, signal.name(), payload(signal.body()), time.instant()))
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        return true;
    }

    private boolean retry() throws Exception {
        RunState state = run().state();
        if (retriesLeft == 0 || (state != RunState.PARKED && state != RunState.BLOCKED)) {
            return false;
        }
        retriesLeft--;
        process.engine().retry(run().id()).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        return true;
    }

    private boolean endWait() {
        Optional<Instant> due = process.store().nextDue();
        if (due.isEmpty() || isBeyondLimit(due.get())) {
            test.skip().ifPresent(skip -> time.advanceTo(begin.plus(skip)));
            return false;
        }
        time.advanceTo(due.get());
        return true;
    }

    private Run run() {
        return process.store().find(String.valueOf(runId)).orElseThrow();
    }

    private void judge(List<String> differences, List<String> account) {
        String id = run().id();
        JsonNode document = document(id);
        List<JsonNode> others = process
                .store()
                .list(new RunQuery(Optional.empty(), Optional.empty(), Optional.empty(), RunQuery.MAX_LIMIT))
                .stream()
                .map(Run::id)
                .filter(other -> !other.equals(id))
                .sorted()
                .map(this::document)
                .toList();
        Judgement judgement = new Judgement(
                test.expect(),
                id,
                document,
                others,
                standIns.calls(),
                mail.map(MailServer::mails).orElse(List.of()));
        differences.addAll(standIns.surprises());
        crashes.forEach(crash -> differences.add("crash: the run never came " + crash
                + (crash.recorded() ? "; the record of its last step is written with its end" : "")));
        signals.forEach(signal -> differences.add("signals: '" + signal.name() + "' was not sent: "
                + (signal.to() == null ? "the run" : "the newest run of " + signal.to())
                + " did not wait any more, or not yet"));
        if (retriesLeft > 0) {
            differences.add("retries: expected " + test.retries() + ", but the run stood only "
                    + (test.retries() - retriesLeft) + " time(s)");
        }
        differences.addAll(judgement.differences());
        account.addAll(judgement.account());
    }

    private JsonNode document(String id) {
        return Json.tree(process.runtime().document(id).orElseThrow());
    }

    @Override
    public void close() {
        process.close();
        closeServers();
    }

    private void closeServers() {
        standIns.close();
        mail.ifPresent(MailServer::close);
    }
}
