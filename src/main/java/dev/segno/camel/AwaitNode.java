package dev.segno.camel;

import dev.segno.run.StepCall;
import dev.segno.run.StepEnd;
import dev.segno.run.StepKey;
import dev.segno.run.StepRecord;
import org.apache.camel.AsyncCallback;
import org.apache.camel.AsyncProcessor;
import org.apache.camel.Exchange;

/**
 * An {@code await:} in a run. As long as it waits there is no exchange: the run comes here again from its journal when
 * the signal, or the end of the time, is on record.
 */
final class AwaitNode extends RunNode {

    private final AwaitEndpoint endpoint;
    private final PayloadCodec codec;

    AwaitNode(AsyncProcessor target, RunNodePlan plan, AwaitEndpoint endpoint, PayloadCodec codec) {
        super(target, plan);
        this.endpoint = endpoint;
        this.codec = codec;
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        RunFrame at = RunFrame.current(exchange);
        if (at == null || at.step() != null) {
            return super.process(exchange, callback);
        }
        RunFrame frame = enter(exchange, at);
        StepKey key = StepKey.in(frame.scope(), plan.nodeId());
        StepCall call = new StepCall(key, frame.sequentialScope(), frame.scope(), false, false);
        frame.execution()
                .waits()
                .await(call, endpoint.signal(), endpoint.atMost(), end -> finish(exchange, frame, end, callback));
        return false;
    }

    private void finish(Exchange exchange, RunFrame frame, StepEnd end, AsyncCallback callback) {
        try {
            if (end instanceof StepEnd.Replayed replayed) {
                goOn(exchange, replayed.record().outcome());
            } else {
                RunStopped.mark(exchange);
            }
        } catch (RuntimeException e) {
            exchange.setException(e);
        }
        frame.applyTo(exchange);
        callback.done(false);
    }

    /** A signal's body becomes the body of the message; a sleep, and a time that was up, leave it as it was. */
    private void goOn(Exchange exchange, StepRecord.Outcome outcome) {
        if (outcome instanceof StepRecord.Signalled signalled) {
            exchange.getMessage().removeHeader(AwaitComponent.TIMED_OUT);
            codec.restore(exchange, signalled.body());
        } else if (endpoint.signal() != null) {
            exchange.getMessage().setHeader(AwaitComponent.TIMED_OUT, true);
        }
    }
}
