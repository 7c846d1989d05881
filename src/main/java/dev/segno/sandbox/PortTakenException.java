package dev.segno.sandbox;

import java.io.IOException;

/** A stand-in's port is in use; the message is one line for the user. */
public final class PortTakenException extends IOException {

    private static final long serialVersionUID = 1L;

    PortTakenException(String service, int port, Throwable cause) {
        super(
                "Port " + port + " (" + service + ") on 127.0.0.1 is taken: end what uses it,"
                        + " or shift all ports with --port-offset N.",
                cause);
    }
}
