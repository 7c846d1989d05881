package dev.segno.camel.service;

/**
 * Is told of each call of a service, for figures and traces. Called on event loops: implementations are thread-safe, return
 * at once and throw nothing.
 */
@FunctionalInterface
public interface CallObserver {

    /** A request is over. */
    void made(MadeCall call);
}
