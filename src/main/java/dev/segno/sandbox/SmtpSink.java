package dev.segno.sandbox;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import io.vertx.core.parsetools.RecordParser;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Stands in for a mail server: takes every mail (RFC 5321, without extensions) and keeps it. It listens for mails on the port
 * behind its own; on some free port, which it shows, where its own is any.
 */
final class SmtpSink implements StandIn {

    private final List<ObjectNode> mails = new ArrayList<>();
    private @Nullable NetServer server;

    @Override
    public String name() {
        return "smtp-sink";
    }

    @Override
    public String description() {
        return "takes mails, on the port behind this one";
    }

    @Override
    public void open(Desk desk) {
        NetServer listening = desk.vertx().createNetServer().connectHandler(socket -> new Conversation(socket).begin());
        server = listening;
        int port = desk.port() == 0 ? 0 : desk.port() + 1;
        listening
                .listen(port, Sandbox.HOST)
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    @Override
    public ObjectNode sizes() {
        return Json.object().put("smtpPort", server == null ? 0 : server.actualPort());
    }

    @Override
    public ObjectNode records(boolean ids) {
        ObjectNode records = Json.object().put("mails", mails.size());
        ArrayNode list = Json.object().arrayNode();
        mails.forEach(list::add);
        return ids ? records.set("list", list) : records;
    }

    @Override
    public void reset() {
        mails.clear();
    }

    /** One connection: commands in lines, and between DATA and a single dot the lines of a mail. */
    private final class Conversation {
        private final NetSocket socket;
        private final List<String> recipients = new ArrayList<>();
        private final List<String> lines = new ArrayList<>();
        private boolean inMail;

        Conversation(NetSocket socket) {
            this.socket = socket;
        }

        void begin() {
            RecordParser parser = RecordParser.newDelimited("\r\n", socket);
            parser.handler(line -> read(line.toString(StandardCharsets.UTF_8)));
            say("220 sandbox");
        }

        private void say(String line) {
            socket.write(line + "\r\n");
        }

        private void read(String line) {
            if (inMail) {
                if (line.equals(".")) {
                    take();
                } else {
                    lines.add(line.startsWith(".") ? line.substring(1) : line);
                }
                return;
            }
            String command = line.split("[ :]", 2)[0].toUpperCase(Locale.ROOT);
            switch (command) {
                case "EHLO", "HELO" -> say("250 sandbox");
                case "MAIL", "RSET", "NOOP" -> {
                    recipients.clear();
                    say("250 OK");
                }
                case "RCPT" -> {
                    recipients.add(line.replaceFirst("(?i)^RCPT TO:\\s*<?([^> ]*)>?.*$", "$1"));
                    say("250 OK");
                }
                case "DATA" -> {
                    inMail = true;
                    say("354 Go on, and end with a dot");
                }
                case "QUIT" -> {
                    say("221 Bye");
                    socket.close();
                }
                default -> say("502 Not here");
            }
        }

        private void take() {
            inMail = false;
            int end = lines.indexOf("");
            List<String> header = end < 0 ? lines : lines.subList(0, end);
            ObjectNode mail = Json.object();
            ArrayNode to = mail.putArray("to");
            recipients.forEach(to::add);
            mail.put("subject", field(header, "Subject")).put("messageId", field(header, "Message-ID"));
            mail.put("text", end < 0 ? "" : String.join("\n", lines.subList(end + 1, lines.size())));
            mails.add(mail);
            lines.clear();
            recipients.clear();
            say("250 Taken");
        }

        private String field(List<String> header, String name) {
            return header.stream()
                    .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                    .map(line -> line.substring(name.length() + 1).strip())
                    .findFirst()
                    .orElse("");
        }
    }
}
