package dev.segno.camel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segno.run.Run;
import dev.segno.run.RunState;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.subethamail.smtp.MessageHandler;
import org.subethamail.smtp.RejectException;
import org.subethamail.smtp.auth.EasyAuthenticationHandlerFactory;
import org.subethamail.smtp.auth.LoginFailedException;
import org.subethamail.smtp.server.SMTPServer;

/** {@code kamelet:email} against SMTP servers that are particular. */
class EmailTest {

    private static final Map<String, String> MAIL = Map.of(
            "key", "run 1/BKG-1/reminder", "recipient_email", "ada@example.com", "subject", "Service", "text", "Come.");

    /** A server that has taken a mail and says this is as one whose answer was lost: the sender has to send it again. */
    private static final int TEMPORARY = 451;

    /** The first byte of a TLS connection. */
    private static final int TLS_HANDSHAKE = 22;

    @TempDir
    private Path directory;

    private RouteHarness harness;
    private SMTPServer server;
    private final List<MimeMessage> taken = Collections.synchronizedList(new ArrayList<>());
    private volatile int answersToLose;

    @BeforeEach
    void start() throws IOException {
        harness = new RouteHarness(directory);
        for (String file : List.of("shared/durable.camel.yaml", "kamelets/email.kamelet.yaml")) {
            harness.file(file, Files.readString(Path.of("routes").resolve(file)));
        }
        harness.file(
                "test/sync.camel.yaml", RouteHarness.orchestration("sync", "    routeConfigurationId: durable\n", """
                        - step:
                            id: send
                            steps:
                              - to: kamelet:email
                        """));
        server = SMTPServer.port(0)
                .bindAddress(InetAddress.getLoopbackAddress())
                .hostName("localhost")
                .requireAuth()
                .authenticationHandlerFactory(new EasyAuthenticationHandlerFactory((user, password, context) -> {
                    if (!user.equals("fleet@example.com") || !password.equals("p@ss/w%rd")) {
                        throw new LoginFailedException();
                    }
                }))
                .messageHandlerFactory(context -> new Delivery())
                .build();
        server.start();
    }

    @AfterEach
    void stop() {
        harness.close();
        server.stop();
    }

    private Run send(String url) {
        harness.settings.put("SMTP_URL", url);
        return harness.start().run(MAIL);
    }

    @Test
    void aMailWhoseAnswerWasLostComesAgainWithTheSameMessageId() throws Exception {
        answersToLose = 2;
        harness.settings.put("SMTP_PASSWORD", "p@ss/w%rd");

        Run run = send("smtp://fleet%40example.com@127.0.0.1:" + server.getPortAllocated());

        assertThat(run.state()).as("%s", run.error()).isEqualTo(RunState.COMPLETED);
        assertThat(taken).hasSize(3);
        for (MimeMessage mail : taken) {
            assertThat(mail.getMessageID()).isEqualTo("<run.1/BKG-1/reminder@segno>");
            assertThat(mail.getAllRecipients()).extracting(Object::toString).containsExactly("ada@example.com");
        }
        assertThat(harness.output(run)).isEqualTo(Map.of("messageId", "<run.1/BKG-1/reminder@segno>"));
    }

    @Test
    void userAndPasswordStandInTheAddressAndAWrongOneIsToldWithoutIt() {
        Run refused = send("smtp://fleet%40example.com:wr%40ng-one@127.0.0.1:" + server.getPortAllocated());

        assertThat(refused.state()).isEqualTo(RunState.PARKED);
        assertThat(String.valueOf(refused.error())).doesNotContain("wr@ng-one", "wr%40ng-one");
        assertThat(taken).isEmpty();
        harness.die();

        Run sent = send("smtp://fleet%40example.com:p%40ss%2Fw%25rd@127.0.0.1:" + server.getPortAllocated());
        assertThat(sent.state()).as("%s", sent.error()).isEqualTo(RunState.COMPLETED);
        assertThat(taken).hasSize(1);
    }

    @Test
    void nothingIsSentWithoutTlsWhereTheAddressSaysSo() {
        Run run = send("smtp://fleet%40example.com:p%40ss%2Fw%25rd@127.0.0.1:" + server.getPortAllocated()
                + "?starttls=required");

        assertThat(run.state()).isEqualTo(RunState.PARKED);
        assertThat(String.valueOf(run.error())).contains("STARTTLS");
        assertThat(taken).isEmpty();
    }

    @Test
    void bySmtpsTheFirstThingSaidIsTls() throws IOException {
        List<Integer> firstBytes = Collections.synchronizedList(new ArrayList<>());
        try (ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread listener = new Thread(() -> listen(socket, firstBytes), "listener");
            listener.setDaemon(true);
            listener.start();

            Run run = send("smtps://127.0.0.1:" + socket.getLocalPort());

            assertThat(run.state()).isEqualTo(RunState.PARKED);
            assertThat(firstBytes).isNotEmpty().containsOnly(TLS_HANDSHAKE);
        }
    }

    /** Hangs up behind the first byte. */
    private static void listen(ServerSocket socket, List<Integer> firstBytes) {
        while (!socket.isClosed()) {
            try (Socket connection = socket.accept()) {
                firstBytes.add(connection.getInputStream().read());
            } catch (IOException e) {
                // The test is over, or the caller went.
            }
        }
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
                taken.add(new MimeMessage(Session.getInstance(new Properties()), content));
            } catch (MessagingException e) {
                throw new IOException(e);
            }
            if (taken.size() <= answersToLose) {
                throw new RejectException(TEMPORARY, "no answer");
            }
            return "taken";
        }

        @Override
        public void done() {}
    }
}
