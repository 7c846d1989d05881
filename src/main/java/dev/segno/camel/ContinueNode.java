package dev.segno.camel;

import org.apache.camel.AsyncCallback;
import org.apache.camel.AsyncProcessor;
import org.apache.camel.Exchange;

/** A {@code runs:continue} in a run: ends it there, and lets it go on as a fresh one with the body as its input. */
final class ContinueNode extends RunNode {

    private final PayloadCodec codec;

    ContinueNode(AsyncProcessor target, RunNodePlan plan, PayloadCodec codec) {
        super(target, plan);
        this.codec = codec;
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        RunFrame at = RunFrame.current(exchange);
        if (at == null || at.step() != null) {
            return super.process(exchange, callback);
        }
        try {
            at.execution().goOnAfresh(codec.inlineOf(exchange));
            RunStopped.mark(exchange);
        } catch (RuntimeException e) {
            exchange.setException(e);
        }
        callback.done(true);
        return true;
    }
}
