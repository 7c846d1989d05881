package dev.segno.camel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segno.run.Run;
import dev.segno.run.RunState;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** S14: services that answer with what they should not. A run of them ends, and the next one is served. */
class HostileAnswersTest {

    private static final AtomicInteger READ = new AtomicInteger();

    /** Tells when somebody reads it. */
    private static final class Gadget implements Serializable {
        private static final long serialVersionUID = 1L;

        private void readObject(ObjectInputStream in) {
            READ.incrementAndGet();
        }
    }

    private RouteHarness harness;
    private ServerSocket peer;
    private volatile byte[] answer = {};

    @BeforeEach
    void open(@TempDir Path directory) throws IOException {
        harness = new RouteHarness(directory);
        peer = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(this::serve, "hostile-peer");
        thread.setDaemon(true);
        thread.start();
        harness.settings.put("PEER_URL", "http://127.0.0.1:" + peer.getLocalPort());
        harness.file("test/sync.camel.yaml", RouteHarness.orchestration("sync", "", """
            - step:
                id: call
                steps:
                  - to: "kamelet:call?service=peer&path=/run&retry=never&timeoutMs=20000"
            """))
                .start();
    }

    @AfterEach
    void close() throws IOException {
        peer.close();
        harness.close();
    }

    private void serve() {
        while (!peer.isClosed()) {
            try (Socket socket = peer.accept()) {
                InputStream in = socket.getInputStream();
                ByteArrayOutputStream head = new ByteArrayOutputStream();
                while (!head.toString(StandardCharsets.ISO_8859_1).contains("\r\n\r\n")) {
                    int next = in.read();
                    if (next < 0) {
                        break;
                    }
                    head.write(next);
                }
                OutputStream out = socket.getOutputStream();
                out.write(answer);
                out.flush();
            } catch (IOException e) {
                // The caller hung up, as it may.
            }
        }
    }

    private static byte[] bytes(String head, byte[] body) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(head.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        all.write(body);
        return all.toByteArray();
    }

    private static byte[] answer(String type, byte[] body) throws IOException {
        return bytes(
                "HTTP/1.1 200 OK\nContent-Type: " + type + "\nConnection: close\nContent-Length: " + body.length
                        + "\n\n",
                body);
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private void expectParked(String what, byte[] given) {
        answer = given;
        Run run = harness.run(null);
        assertThat(run.state()).as(what).isEqualTo(RunState.PARKED);
        assertThat(String.valueOf(run.error())).as(what).doesNotContain("canary");
    }

    private void expectAnEnd(String what, byte[] given) {
        answer = given;
        assertThat(harness.run(null).state()).as(what).isIn(RunState.PARKED, RunState.COMPLETED);
    }

    @Test
    void S14_answersThatAreTooLargeOrNoneAreRefusedAndNothingOfThemIsRun() throws Exception {
        String json = "application/json";
        byte[] large = new byte[11 << 20];
        java.util.Arrays.fill(large, (byte) ' ');
        expectParked("more than is read", answer(json, large));
        expectParked("no HTTP", text("canary canary canary\r\n\r\n"));
        expectParked("a body that is cut off", bytes("HTTP/1.1 200 OK\nContent-Length: 100\n\n", text("canary")));
        expectParked(
                "chunks that are none", bytes("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n", text("canary\r\n")));
        expectParked(
                "a header without an end", bytes("HTTP/1.1 200 OK\nX: " + "canary".repeat(20_000) + "\n\n", text("")));
        expectParked("nothing at all", text(""));
        expectParked(
                "a redirect", bytes("HTTP/1.1 302 Found\nLocation: http://canary/\nContent-Length: 0\n\n", text("")));

        ByteArrayOutputStream object = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(object)) {
            out.writeObject(new Gadget());
        }
        for (String type :
                new String[] {"application/x-java-serialized-object", json, "text/plain", "a/b; charset=none"}) {
            expectAnEnd("a serialized object as " + type, answer(type, object.toByteArray()));
        }
        expectAnEnd("JSON without an end", answer(json, text("[".repeat(100_000))));
        expectAnEnd(
                "JSON with a class", answer(json, text("{\"@class\":\"java.io.File\",\"@type\":\"java.io.File\"}")));
        expectAnEnd("a number without an end", answer(json, text("1" + "0".repeat(100_000))));
        expectAnEnd("no UTF-8", answer(json, new byte[] {'"', (byte) 0xff, (byte) 0xfe, '"'}));
        expectAnEnd(
                "XML with an entity",
                answer("text/xml", text("<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><a>&b;</a>")));
        assertThat(READ).hasValue(0);

        answer = answer(json, text("{\"done\":true}"));
        assertThat(harness.run(null).state()).isEqualTo(RunState.COMPLETED);
    }
}
