package dev.segno.security;

import dev.segno.control.Settings;
import dev.segno.control.SettingsException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The rule that a server which others can reach has keys. Stateless, hence safe for concurrent use.
 */
public final class StartupRule {

    private static final Pattern LOOPBACK = Pattern.compile("(::ffff:)?127(\\.\\d{1,3}){3}|::1|0:0:0:0:0:0:0:1");

    private StartupRule() {}

    /**
     * Checks it, and says for whom the server may be open when it has no global keys.
     *
     * @param host the address or name to listen on
     * @param insecure whether the operator asked for a server without keys
     * @throws SettingsException when the host is not known, or others could reach it without a key
     */
    public static Authentication.Openness check(String host, Settings settings, boolean insecure) {
        return check(host, NodeCredentials.from(settings), insecure);
    }

    /** Whether a host is reached from this machine alone. */
    public static boolean isLocal(String host) {
        try {
            return Arrays.stream(InetAddress.getAllByName(host)).allMatch(InetAddress::isLoopbackAddress);
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** As {@link #check(String, Settings, boolean)}, for credentials that are not all in the settings. */
    public static Authentication.Openness check(String host, Credentials credentials, boolean insecure) {
        InetAddress[] addresses;
        try {
            addresses = InetAddress.getAllByName(host);
        } catch (UnknownHostException e) {
            throw new SettingsException("cannot listen on " + host + ": no such host", e);
        }
        if (insecure) {
            return Authentication.Openness.EVERYBODY;
        }
        boolean loopback = Arrays.stream(addresses).allMatch(InetAddress::isLoopbackAddress);
        if (!loopback && credentials.isEmpty()) {
            throw new SettingsException("refusing to listen on " + host + " without API keys: set "
                    + GlobalKeys.OPERATORS_SETTING + "=name=key, or listen on 127.0.0.1, or pass --insecure");
        }
        return Authentication.Openness.LOOPBACK;
    }

    /** Whether a text is the literal of a loopback address. Nothing is resolved. */
    static boolean isLoopback(@Nullable String literal) {
        if (literal == null) {
            return false;
        }
        boolean bracketed = literal.startsWith("[") && literal.endsWith("]");
        return LOOPBACK.matcher(bracketed ? literal.substring(1, literal.length() - 1) : literal)
                .matches();
    }
}
