package dev.segno.testkit;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.subethamail.smtp.MessageHandler;
import org.subethamail.smtp.RejectException;
import org.subethamail.smtp.server.SMTPServer;

/** An SMTP server that takes every mail and keeps it, once however many recipients it has. Thread-safe. */
final class MailServer implements AutoCloseable {

    private static final int NO_MAIL = 554;

    private final List<ReceivedMail> mails = new ArrayList<>();
    private final SMTPServer server = SMTPServer.port(0)
            .bindAddress(InetAddress.getLoopbackAddress())
            .hostName("localhost")
            .messageHandlerFactory(context -> new Delivery())
            .build();

    /** A mail as its reader would see it. */
    record ReceivedMail(String to, String subject, String text) {
        @Override
        public String toString() {
            return "mail to " + to + ": " + subject;
        }
    }

    private MailServer() {}

    static MailServer open() {
        MailServer mail = new MailServer();
        mail.server.start();
        return mail;
    }

    /** Where the server is, by the setting of {@code kamelet:mail}. */
    Map<String, String> addresses() {
        return Map.of("SMTP_URL", "smtp://127.0.0.1:" + server.getPortAllocated());
    }

    synchronized List<ReceivedMail> mails() {
        return List.copyOf(mails);
    }

    private synchronized void take(MimeMessage message) throws MessagingException, IOException {
        mails.add(new ReceivedMail(
                String.valueOf(message.getHeader("To", ", ")),
                String.valueOf(message.getSubject()),
                String.valueOf(message.getContent()).strip()));
    }

    @Override
    public void close() {
        server.stop();
    }

    /** One mail on its way in. */
    private final class Delivery implements MessageHandler {

        @Override
        public void from(String sender) {}

        @Override
        public void recipient(String address) {}

        @Override
        public String data(InputStream content) throws IOException, RejectException {
            try {
                take(new MimeMessage(Session.getInstance(new Properties()), content));
            } catch (MessagingException e) {
                throw new RejectException(NO_MAIL, "This is no mail: " + e.getMessage());
            }
            return "taken";
        }

        @Override
        public void done() {}
    }
}
