package dev.segno.security;

/** A call of a URL that a caller gave, and that brought no answer. The message holds nothing of what the peer sent. */
public final class OutboundFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Why there is no answer. */
    public enum Reason {
        /** The name has an address that may not be called; nothing was connected to. */
        NOT_ALLOWED,
        /** The name has no address. */
        UNKNOWN_HOST,
        /** Nobody there, or the connection ended early. */
        UNREACHABLE,
        /** Not all of the answer came in time. */
        TOO_SLOW,
        /** The answer is larger than what is taken. */
        TOO_LARGE,
        /** The peer pointed elsewhere, which is not followed. */
        REDIRECT
    }

    private final Reason reason;

    OutboundFailure(Reason reason, String message) {
        super(message, null, false, false);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
