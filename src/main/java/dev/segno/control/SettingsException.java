package dev.segno.control;

/** A setting or a settings file that cannot be used. The message is one line that names the setting and the cure. */
public final class SettingsException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public SettingsException(String message) {
        super(message);
    }

    public SettingsException(String message, Throwable cause) {
        super(message, cause);
    }
}
