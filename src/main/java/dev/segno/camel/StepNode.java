package dev.segno.camel;

import dev.segno.run.Execution;
import dev.segno.run.RetryPolicy;
import dev.segno.run.StepBody;
import dev.segno.run.StepCall;
import dev.segno.run.StepEnd;
import dev.segno.run.StepKey;
import dev.segno.run.StepRecord;
import dev.segno.run.Verdict;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.camel.AsyncCallback;
import org.apache.camel.AsyncProcessor;
import org.apache.camel.Exchange;

/** Camel's {@code step}, journaled: executed once for good, replayed ever after. */
final class StepNode extends RunNode {

    /** Exchange property with the failure of an inner step that used up its tries: its outer step adds none. */
    private static final String EXHAUSTED = "SegnoExhausted";

    /** Exchange property with the number of the try, from 1. */
    private static final String ATTEMPT = "SegnoAttempt";

    /**
     * Exchange property that is true where the work of a step may have been done before: in its second try, and where its run
     * was under way before this process began. A step whose service knows no idempotency keys asks it then what it has done.
     */
    private static final String REPEATED = "SegnoRepeated";

    private final StepPolicies policies;
    private final PayloadCodec codec;

    StepNode(AsyncProcessor target, RunNodePlan plan, StepPolicies policies, PayloadCodec codec) {
        super(target, plan);
        this.policies = policies;
        this.codec = codec;
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        RunFrame at = RunFrame.current(exchange);
        if (at == null) {
            return super.process(exchange, callback);
        }
        RunFrame frame = enter(exchange, at);
        AsyncCallback done = frame.step() == null ? callback : insideStep(exchange, callback);
        Execution execution = frame.execution();
        StepKey key = StepKey.in(frame.scope(), plan.nodeId());
        StepCall call = new StepCall(key, frame.sequentialScope(), frame.scope(), frame.step() != null, plan.last());
        try {
            codec.apply(exchange, execution.editsOf(key));
        } catch (RuntimeException e) {
            exchange.setException(e);
            frame.applyTo(exchange);
            done.done(true);
            return true;
        }
        ExchangeState before = ExchangeState.of(exchange);
        execution.step(
                call,
                (attempt, tried) -> attempt(exchange, frame, key, before, attempt, tried),
                end -> finish(exchange, frame, call, end, done));
        return false;
    }

    private void attempt(
            Exchange exchange,
            RunFrame frame,
            StepKey key,
            ExchangeState before,
            int attempt,
            Consumer<StepBody.Result> done) {
        try {
            if (attempt > 1) {
                before.restoreTo(exchange);
            }
            exchange.setProperty(ATTEMPT, attempt);
            exchange.setProperty(REPEATED, attempt > 1 || frame.execution().isResumed());
            before.publishAttributes(exchange, frame.execution().attributes());
            frame.inside(key).applyTo(exchange);
        } catch (RuntimeException e) {
            exchange.setException(e);
            attempted(exchange, frame, before, List.of(), done);
            return;
        }
        Object outer = CallsMade.begin(exchange, attempt);
        try {
            processor.process(
                    exchange, doneSync -> attempted(exchange, frame, before, CallsMade.end(exchange, outer), done));
        } catch (RuntimeException e) {
            exchange.setException(e);
            attempted(exchange, frame, before, CallsMade.end(exchange, outer), done);
        }
    }

    private void attempted(
            Exchange exchange,
            RunFrame frame,
            ExchangeState before,
            List<Map<String, Object>> calls,
            Consumer<StepBody.Result> done) {
        frame.applyTo(exchange);
        exchange.getExchangeExtension().setRedeliveryExhausted(false);
        before.publishAttributes(exchange, frame.execution().attributes());
        Throwable failure = exchange.getException();
        if (failure instanceof RunStopped) {
            done.accept(new StepBody.Abandoned());
        } else if (failure != null) {
            done.accept(failed(exchange, frame, failure));
        } else if (exchange.isRollbackOnly()) {
            done.accept(
                    failed(exchange, frame, new IllegalStateException("The step marked its exchange as rolled back")));
        } else {
            record(exchange, frame, before, calls, done);
        }
    }

    private StepBody.Failed failed(Exchange exchange, RunFrame frame, Throwable failure) {
        if (exchange.getProperty(EXHAUSTED) == failure) {
            return new StepBody.Failed(failure, Verdict.NEVER, RetryPolicy.ONCE);
        }
        // As in Camel, a route that is called from a doTry or a handler keeps the policy that it names itself.
        RetryPolicy policy = plan.triedOnce() || (frame.triedOnce() && !policies.areConfigured())
                ? RetryPolicy.ONCE
                : policies.orIfSilent(frame.policies()).policyFor(exchange, failure);
        return new StepBody.Failed(failure, Failures.verdict(failure), policy);
    }

    private void record(
            Exchange exchange,
            RunFrame frame,
            ExchangeState before,
            List<Map<String, Object>> calls,
            Consumer<StepBody.Result> done) {
        codec.record(exchange, frame.execution().id()).whenComplete((body, error) -> {
            if (error != null) {
                Throwable cause = Failures.unwrap(error);
                exchange.setException(cause);
                done.accept(
                        cause instanceof IllegalArgumentException
                                ? new StepBody.Failed(cause, Verdict.NEVER, RetryPolicy.ONCE)
                                : failed(exchange, frame, cause));
                return;
            }
            try {
                done.accept(new StepBody.Succeeded(body, before.changesIn(exchange, calls)));
            } catch (IllegalArgumentException e) {
                exchange.setException(e);
                done.accept(new StepBody.Failed(e, Verdict.NEVER, RetryPolicy.ONCE));
            }
        });
    }

    private void finish(Exchange exchange, RunFrame frame, StepCall call, StepEnd end, AsyncCallback callback) {
        try {
            if (end instanceof StepEnd.Replayed replayed) {
                replay(exchange, frame, call, replayed.record());
            } else if (end instanceof StepEnd.Failed failed) {
                exchange.setException(failed.error());
                exchange.setProperty(EXHAUSTED, failed.error());
            } else if (end instanceof StepEnd.Stopped) {
                RunStopped.mark(exchange);
            }
        } catch (RuntimeException e) {
            exchange.setException(e);
        }
        frame.applyTo(exchange);
        callback.done(false);
    }

    private void replay(Exchange exchange, RunFrame frame, StepCall call, StepRecord record) {
        if (record.outcome() instanceof StepRecord.Completed completed) {
            ExchangeState.applyChanges(exchange, completed.changes());
            codec.restore(exchange, completed.body());
        } else if (record.outcome() instanceof StepRecord.HandledFailure handled) {
            Throwable failure = Failures.recreate(handled);
            frame.execution().failureReplayed(call, handled, failure);
            exchange.setException(failure);
            exchange.setProperty(EXHAUSTED, failure);
        }
    }
}
