package dev.segno.control;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where mail goes, in one setting: {@code smtp://user:password@host:port}, or {@code smtps://…} for TLS from the first byte on.
 * By {@code smtp} TLS begins where the server offers it; with {@code ?starttls=required} nothing is sent without. Immutable.
 *
 * @param port             as it is written, else 587, or 465 by {@code smtps}
 * @param user             null without one, as the password
 * @param tls              whether the connection begins with TLS
 * @param startTlsRequired null where the address says nothing of it
 */
public record SmtpUrl(
        String host,
        int port,
        @Nullable String user,
        @Nullable String password,
        boolean tls,
        @Nullable Boolean startTlsRequired) {

    private static final String NAME = "SMTP_URL";
    private static final String FORM = "setting " + NAME + " must be smtp://user:password@host:port or smtps://…, with"
            + " ?starttls=required behind it if nothing may be sent without TLS; @, :, / and % in user and password are"
            + " written as %40, %3A, %2F and %25";
    private static final int SUBMISSION = 587;
    private static final int SUBMISSION_BY_TLS = 465;
    private static final int MAX_PORT = 65_535;

    /**
     * Takes an address apart.
     *
     * @throws SettingsException when it is none; the message does not hold it, for it may hold a password
     */
    public static SmtpUrl parse(String text) {
        URI uri;
        try {
            uri = new URI(text.strip());
        } catch (URISyntaxException e) {
            // Without the cause: it holds the address.
            throw new SettingsException(FORM);
        }
        boolean tls = "smtps".equalsIgnoreCase(uri.getScheme());
        @Nullable String query = uri.getRawQuery();
        @Nullable String path = uri.getRawPath();
        if ((!tls && !"smtp".equalsIgnoreCase(uri.getScheme()))
                || uri.getHost() == null
                || uri.getPort() > MAX_PORT
                || uri.getPort() == 0
                || (path != null && !path.isEmpty() && !path.equals("/"))
                || (query != null && !query.equals("starttls=required"))
                || uri.getRawFragment() != null) {
            throw new SettingsException(FORM);
        }
        int usual = tls ? SUBMISSION_BY_TLS : SUBMISSION;
        @Nullable String login = uri.getRawUserInfo();
        int colon = login == null ? -1 : login.indexOf(':');
        return new SmtpUrl(
                uri.getHost(),
                uri.getPort() < 0 ? usual : uri.getPort(),
                login == null || login.isEmpty() ? null : decoded(colon < 0 ? login : login.substring(0, colon)),
                login == null || colon < 0 ? null : decoded(login.substring(colon + 1)),
                tls,
                query == null ? null : Boolean.TRUE);
    }

    /**
     * The same settings, in which {@code SMTP_SERVER}, {@code SMTP_PORT}, {@code SMTP_USERNAME}, {@code SMTP_PASSWORD},
     * {@code SMTP_TLS} and {@code SMTP_STARTTLS_REQUIRED} say what {@code SMTP_URL} says, where there is one. What it leaves out
     * holds as it is set. {@code SMTP_URL} itself is an address without user and password then, also where only the server is
     * set: fit for a route, whose settings are shown and kept.
     */
    public static Function<String, Optional<String>> inParts(Function<String, Optional<String>> settings) {
        return name -> name.startsWith("SMTP_") ? part(name, settings) : settings.apply(name);
    }

    private static Optional<String> part(String name, Function<String, Optional<String>> settings) {
        @Nullable SmtpUrl url = settings.apply(NAME).map(SmtpUrl::parse).orElse(null);
        if (url == null) {
            return name.equals(NAME)
                    ? settings.apply("SMTP_SERVER")
                            .map(host -> "smtp://" + host
                                    + settings.apply("SMTP_PORT")
                                            .map(port -> ":" + port)
                                            .orElse(""))
                    : settings.apply(name);
        }
        return switch (name) {
            case NAME -> Optional.of((url.tls ? "smtps://" : "smtp://") + url.host + ":" + url.port);
            case "SMTP_SERVER" -> Optional.of(url.host);
            case "SMTP_PORT" -> Optional.of(String.valueOf(url.port));
            case "SMTP_USERNAME" -> Optional.ofNullable(url.user).or(() -> settings.apply(name));
            case "SMTP_PASSWORD" -> Optional.ofNullable(url.password).or(() -> settings.apply(name));
            case "SMTP_TLS" -> Optional.of(String.valueOf(url.tls));
            case "SMTP_STARTTLS_REQUIRED" ->
                Optional.ofNullable(url.startTlsRequired).map(String::valueOf).or(() -> settings.apply(name));
            default -> settings.apply(name);
        };
    }

    /** A plus stands for itself in this part of an address. */
    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** Without the password. */
    @Override
    public String toString() {
        return (tls ? "smtps://" : "smtp://") + host + ":" + port;
    }
}
