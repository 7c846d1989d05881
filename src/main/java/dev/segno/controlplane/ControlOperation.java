package dev.segno.controlplane;

/** One operation. May be called by many threads at once, and may block. */
@FunctionalInterface
public interface ControlOperation {

    /**
     * Does it.
     *
     * @throws dev.segno.security.ApiException when the request is wrong, or what it asks for is not there
     */
    ControlAnswer answer(ControlRequest request);
}
