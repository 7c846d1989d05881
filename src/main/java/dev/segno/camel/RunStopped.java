package dev.segno.camel;

import org.apache.camel.Exchange;

/**
 * Ends the exchanges of a run that goes no further on this node. No clause of a route ever sees it: the exchange is
 * marked so that neither doTry nor an error handler looks at it, and every further node ends at once.
 */
final class RunStopped extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private RunStopped() {
        super("The run goes no further on this node", null, false, false);
    }

    static void mark(Exchange exchange) {
        exchange.setException(new RunStopped());
        exchange.setRouteStop(true);
        exchange.getExchangeExtension().setInterrupted(true);
    }
}
