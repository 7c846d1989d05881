package dev.segno.camel;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.saga.CamelSagaCoordinator;
import org.apache.camel.saga.CamelSagaService;
import org.apache.camel.saga.CamelSagaStep;
import org.apache.camel.support.service.ServiceSupport;

/**
 * Camel's sagas on the journals of runs: what a saga registers is a record, and so is each compensation that is done. It
 * keeps nothing itself but the coordinators of sagas that are under way, which a replay makes again. Thread-safe.
 */
final class RunSagaService extends ServiceSupport implements CamelSagaService {

    private final CamelContext context;
    private final Map<String, RunSaga> sagas = new ConcurrentHashMap<>();

    RunSagaService(CamelContext context) {
        this.context = context;
    }

    @Override
    public CompletableFuture<CamelSagaCoordinator> newSaga(Exchange exchange) {
        RunFrame frame = RunFrame.current(exchange);
        if (frame == null) {
            return CompletableFuture.failedFuture(new IllegalStateException(
                    "A saga works in a run only: in a route whose 'from' is orchestration:NAME, or one that it calls"));
        }
        RunSaga saga = new RunSaga(this, context, frame, RunNode.sagaNode(exchange));
        sagas.put(saga.getId(), saga);
        return CompletableFuture.completedFuture(saga);
    }

    /** Answers with null for a saga that is not under way here, such as one that a caller from outside names. */
    @Override
    @SuppressWarnings("NullAway") // Camel takes null for "there is none"
    public CompletableFuture<CamelSagaCoordinator> getSaga(String id) {
        return CompletableFuture.completedFuture(sagas.get(id));
    }

    @Override
    public void registerStep(CamelSagaStep step) {
        // Nothing is kept of what a route could do; only what a run does.
    }

    void ended(RunSaga saga) {
        sagas.remove(saga.getId(), saga);
    }

    @Override
    public CamelContext getCamelContext() {
        return context;
    }

    @Override
    public void setCamelContext(CamelContext camelContext) {
        // Made for one context.
    }
}
