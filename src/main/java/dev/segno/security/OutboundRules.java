package dev.segno.security;

import dev.segno.control.Settings;
import dev.segno.control.SettingsException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where URLs may lead that callers gave: base URLs of registered services, API documents, webhooks, callbacks
 * (S13 in docs/proof.md). They lead to the public Internet, and elsewhere only where an operator said so. Immutable, hence safe
 * for concurrent use.
 *
 * <p>A URL is checked twice: as text when it is given ({@link #require}), where names pass unresolved, and by
 * {@link OutboundClient} at each call, where every address of the name is checked ({@link #admits}).
 */
public final class OutboundRules {

    /** Setting with ranges that may be called: {@code 10.1.0.0/16,fd00::/8}. */
    public static final String CIDRS_SETTING = "OUTBOUND_ALLOW_CIDRS";

    /** Setting with names of hosts that may be called whatever addresses they have. */
    public static final String HOSTS_SETTING = "OUTBOUND_ALLOW_HOSTS";

    /** Code of the error. */
    public static final String CODE = "url_not_allowed";

    private static final int MAX_URL = 2000;

    private static final Pattern AUTHORITY =
            Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,253}))(?::(\\d{1,5}))?");

    /** What is not the public Internet: the special-purpose registries of IANA, and what they once held. */
    private static final List<AddressRange> SPECIAL = ranges(
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4",
            // Public addresses of IPv6 are in 2000::/3; what is in there and is none, or hides one of IPv4:
            "2001::/23",
            "2001:db8::/32",
            "3fff::/20");

    private static final AddressRange GLOBAL = AddressRange.parse("2000::/3");
    private static final AddressRange SIX_TO_FOUR = AddressRange.parse("2002::/16");
    private static final AddressRange NAT64 = AddressRange.parse("64:ff9b::/96");
    private static final AddressRange COMPATIBLE = AddressRange.parse("::/96");

    private final List<AddressRange> allowed;
    private final Set<String> hosts;

    private OutboundRules(List<AddressRange> allowed, Set<String> hosts) {
        this.allowed = List.copyOf(allowed);
        this.hosts = Set.copyOf(hosts);
    }

    /**
     * The rules of a node; without settings only the public Internet may be called.
     *
     * @throws SettingsException when a setting has another form
     */
    public static OutboundRules from(Settings settings) {
        List<AddressRange> ranges = items(settings, CIDRS_SETTING).stream()
                .map(item -> {
                    try {
                        return AddressRange.parse(item);
                    } catch (IllegalArgumentException e) {
                        throw new SettingsException(
                                "setting " + CIDRS_SETTING + ": \"" + item
                                        + "\" is no range of addresses; write it as 10.1.0.0/16 or fd00::/8",
                                e);
                    }
                })
                .toList();
        Set<String> hosts = new HashSet<>();
        for (String item : items(settings, HOSTS_SETTING)) {
            if (!AUTHORITY.matcher(item).matches() || item.contains(":")) {
                throw new SettingsException("setting " + HOSTS_SETTING + ": \"" + item
                        + "\" is no name of a host; addresses belong into " + CIDRS_SETTING);
            }
            hosts.add(canonical(item));
        }
        return new OutboundRules(ranges, hosts);
    }

    /** Rules for URLs that an operator gave. */
    static OutboundRules anywhere() {
        return new OutboundRules(ranges("0.0.0.0/0", "::/0").stream().toList(), Set.of());
    }

    /**
     * Checks a URL that a caller gave; to be called before it is kept.
     *
     * @param field name of the field that it stood in, for the message
     * @return the URL, which has a scheme, an authority and no user-info
     * @throws ApiException with status 400 and {@link #CODE}; its message names the field and never repeats the URL
     */
    public URI require(String field, String url) {
        return target(field, url).uri();
    }

    /** As {@link #require}, taken apart. */
    Target target(String field, String url) {
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException e) {
            throw refused(field, "is no URL");
        }
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw refused(field, "must be a URL that begins with http:// or https://");
        }
        if (url.length() > MAX_URL) {
            throw refused(field, "has more than " + MAX_URL + " characters");
        }
        String authority = uri.getRawAuthority();
        if (authority == null) {
            throw refused(field, "names no host");
        }
        if (authority.contains("@")) {
            throw refused(field, "must hold no user and no password");
        }
        Matcher parts = AUTHORITY.matcher(authority);
        if (!parts.matches()) {
            throw refused(field, "names a host that cannot be one");
        }
        boolean tls = scheme.equals("https");
        int port = parts.group(2) == null ? tls ? 443 : 80 : Integer.parseInt(parts.group(2));
        if (port < 1 || port > 65_535) {
            throw refused(field, "names a port that is none");
        }
        String host = parts.group(1);
        if (!hosts.contains(canonical(host))) {
            checkLiteral(field, host);
        }
        return new Target(uri, tls, host, port);
    }

    private void checkLiteral(String field, String host) {
        if (HostLiteral.isOddlySpelled(host)) {
            throw refused(field, "names an address in an unusual form; write it as four decimal numbers");
        }
        Optional<InetAddress> literal = HostLiteral.isLocalhost(host)
                ? Optional.of(InetAddress.getLoopbackAddress())
                : HostLiteral.address(host);
        if (host.startsWith("[") && literal.isEmpty()) {
            throw refused(field, "names a host that cannot be one");
        }
        if (literal.isPresent() && !admits(host, literal.get())) {
            throw refused(field, "leads to an address that is not on the public Internet; " + ADVICE);
        }
    }

    /** What an operator can do about it. */
    static final String ADVICE = "an operator may allow it with " + CIDRS_SETTING + " or " + HOSTS_SETTING;

    /** Whether a host may be called at an address that its name has. */
    public boolean admits(String host, InetAddress address) {
        return hosts.contains(canonical(host))
                || allowed.stream().anyMatch(range -> range.contains(address))
                || isPublic(address);
    }

    private static boolean isPublic(InetAddress address) {
        if (SPECIAL.stream().anyMatch(range -> range.contains(address))) {
            return false;
        }
        byte[] bytes = address.getAddress();
        if (bytes.length == 4) {
            return true;
        }
        if (COMPATIBLE.contains(address) || NAT64.contains(address)) {
            return isPublic(AddressRange.inside(bytes, 12));
        }
        if (SIX_TO_FOUR.contains(address)) {
            return isPublic(AddressRange.inside(bytes, 2));
        }
        return GLOBAL.contains(address);
    }

    private static ApiException refused(String field, String why) {
        return new ApiException(new ApiError(400, CODE, field + " " + why));
    }

    private static String canonical(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    private static List<String> items(Settings settings, String name) {
        return Arrays.stream(settings.get(name, "").split(","))
                .map(String::strip)
                .filter(item -> !item.isEmpty())
                .toList();
    }

    private static List<AddressRange> ranges(String... texts) {
        return Arrays.stream(texts).map(AddressRange::parse).toList();
    }

    /** Where a call goes. {@code host} is as it stands in the URL, an IPv6 address in brackets. */
    record Target(URI uri, boolean tls, String host, int port) {

        /** What stands in the Host header. */
        String authority() {
            return port == (tls ? 443 : 80) ? host : host + ":" + port;
        }

        String pathAndQuery() {
            String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
            return uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
        }
    }
}
