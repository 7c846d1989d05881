package dev.segno.testkit;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import io.vertx.core.parsetools.RecordParser;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** An SMTP server that takes every mail and keeps it: as much of RFC 5321 as one sender needs. Thread-safe. */
final class MailServer implements AutoCloseable {

    private final List<ReceivedMail> mails = new ArrayList<>();
    private final NetServer server;

    /** A mail as its reader would see it. */
    record ReceivedMail(String to, String subject, String text) {
        @Override
        public String toString() {
            return "mail to " + to + ": " + subject;
        }
    }

    private MailServer(NetServer server) {
        this.server = server;
    }

    static MailServer open(Vertx vertx) {
        MailServer mail = new MailServer(vertx.createNetServer());
        mail.server
                .connectHandler(socket -> mail.new Dialogue(socket).begin())
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        return mail;
    }

    /** Where the server is, by the settings of {@code kamelet:mail}. */
    Map<String, String> addresses() {
        return Map.of("SMTP_SERVER", "127.0.0.1", "SMTP_PORT", String.valueOf(server.actualPort()));
    }

    synchronized List<ReceivedMail> mails() {
        return List.copyOf(mails);
    }

    private synchronized void take(byte[] bytes) throws MessagingException, IOException {
        MimeMessage message = new MimeMessage(Session.getInstance(new Properties()), new ByteArrayInputStream(bytes));
        mails.add(new ReceivedMail(
                String.valueOf(message.getHeader("To", ", ")),
                String.valueOf(message.getSubject()),
                String.valueOf(message.getContent()).strip()));
    }

    @Override
    public void close() {
        server.close().toCompletionStage().toCompletableFuture().join();
    }

    /** One connection. */
    private final class Dialogue {
        private final NetSocket socket;
        private @Nullable Buffer data;

        Dialogue(NetSocket socket) {
            this.socket = socket;
        }

        void begin() {
            socket.handler(RecordParser.newDelimited("\r\n", this::line));
            say("220 segno-test");
        }

        private void line(Buffer line) {
            Buffer content = data;
            if (content == null) {
                command(line.toString());
            } else if (!line.toString().equals(".")) {
                // A line that begins with a dot comes with one more.
                content.appendBuffer(line.toString().startsWith(".") ? line.slice(1, line.length()) : line)
                        .appendString("\r\n");
            } else {
                data = null;
                try {
                    take(content.getBytes());
                    say("250 taken");
                } catch (MessagingException | IOException e) {
                    say("554 this is no mail");
                }
            }
        }

        private void command(String line) {
            String verb = line.length() < 4 ? "" : line.substring(0, 4).toUpperCase(Locale.ROOT);
            switch (verb) {
                case "EHLO", "HELO", "MAIL", "RCPT", "RSET", "NOOP" -> say("250 segno-test");
                case "DATA" -> {
                    data = Buffer.buffer();
                    say("354 go on");
                }
                case "QUIT" -> {
                    say("221 done");
                    socket.close();
                }
                default -> say("502 not known");
            }
        }

        private void say(String answer) {
            socket.write(answer + "\r\n");
        }
    }
}
