package dev.segno.camel;

import jakarta.mail.PasswordAuthentication;
import java.util.Optional;
import java.util.function.Function;
import org.apache.camel.component.mail.MailAuthenticator;

/**
 * User and password of the SMTP server, looked up at each mail: as options of an endpoint they would be a part of its
 * address, which is shown. Without a user in {@code SMTP_URL}, or {@code SMTP_USERNAME}, mail is sent without authentication.
 * Thread-safe.
 */
final class SmtpCredentials extends MailAuthenticator {

    static final String BEAN = "smtpCredentials";

    private final Function<String, Optional<String>> settings;

    SmtpCredentials(Function<String, Optional<String>> settings) {
        this.settings = settings;
    }

    @Override
    public PasswordAuthentication getPasswordAuthentication() {
        return new PasswordAuthentication(
                settings.apply("SMTP_USERNAME").orElse(null),
                settings.apply("SMTP_PASSWORD").orElse(null));
    }
}
