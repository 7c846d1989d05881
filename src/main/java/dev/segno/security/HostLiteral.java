package dev.segno.security;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** The host of a URL that is written as an address. Nothing is ever resolved. Stateless, hence safe for concurrent use. */
final class HostLiteral {

    private static final String NUMBER = "(?:0|[1-9]\\d?|1\\d\\d|2[0-4]\\d|25[0-5])";
    private static final Pattern FOUR_NUMBERS = Pattern.compile(NUMBER + "(?:\\." + NUMBER + "){3}");
    private static final Pattern SIX = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");
    /** What C libraries and browsers read as the last part of an address: decimal, octal or hexadecimal. */
    private static final Pattern NUMERIC_END = Pattern.compile("(?:.*\\.)?(?:\\d+|0[xX][0-9A-Fa-f]*)\\.?");

    private HostLiteral() {}

    /** The address that a text spells in the one usual form of its family, IPv6 with or without brackets. */
    static Optional<InetAddress> address(String text) {
        boolean bracketed = text.startsWith("[") && text.endsWith("]");
        String plain = bracketed ? text.substring(1, text.length() - 1) : text;
        if (SIX.matcher(plain).matches()
                || (!bracketed && FOUR_NUMBERS.matcher(plain).matches())) {
            try {
                return Optional.of(InetAddress.getByName(plain));
            } catch (UnknownHostException e) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    /**
     * Whether a host is an address in a spelling that different readers take for different ones, or for none:
     * {@code 2130706433}, {@code 0x7f.1}, {@code 0177.0.0.1}, {@code 127.1}.
     */
    static boolean isOddlySpelled(String host) {
        return !FOUR_NUMBERS.matcher(host).matches()
                && NUMERIC_END.matcher(host).matches();
    }

    /** Whether a name means this machine wherever it is asked for (RFC 6761). */
    static boolean isLocalhost(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        name = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        return name.equals("localhost") || name.endsWith(".localhost");
    }
}
