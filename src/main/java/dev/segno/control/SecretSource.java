package dev.segno.control;

import java.util.Optional;

/**
 * Another place where secrets are: a vault, a cloud's service. Found by {@link java.util.ServiceLoader}, and asked for the
 * secret settings that neither the environment nor the settings file nor a {@code NAME_FILE} gives, when the setting
 * {@code SEGNO_SECRETS} holds its name. It is not asked for addresses, which are shown. Implementations have a public
 * constructor without parameters and are safe for concurrent use.
 */
public interface SecretSource {

    /** The name that {@code SEGNO_SECRETS} calls it by. */
    String name();

    /**
     * A secret, or empty when there is none of this name. Asked each time that the secret is needed, also on event loops: keep
     * what was fetched for a while, and do not block for long.
     *
     * @param setting upper case, with underscores: {@code NOTIFY_TOKEN}
     */
    Optional<String> find(String setting);
}
