package dev.segno.camel;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.segno.run.Payload;
import dev.segno.run.Run;
import dev.segno.run.RunQuery;
import dev.segno.run.RunState;
import dev.segno.run.StepRecord;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.apache.camel.StreamCache;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Bodies of every kind: recorded as what they are, and the same at the first execution and at a replay. */
class BodiesTest extends RouteTest {

    private static final int MEGABYTE = 1024 * 1024;

    private static final String MAKE_AND_LOOK = """
            - step:
                id: make
                steps:
                  - to: effect:make
            - step:
                id: look
                steps:
                  - to: effect:look
            """;

    private static Map<String, @Nullable Object> order() {
        Map<String, @Nullable Object> line = new LinkedHashMap<>();
        line.put("sku", "ü-1");
        line.put("price", 1.5);
        line.put("count", 3_000_000_000L);
        line.put("gift", true);
        line.put("note", null);
        Map<String, @Nullable Object> order = new LinkedHashMap<>();
        order.put("lines", List.of(line, Map.of(), List.of()));
        order.put("", "empty name");
        return order;
    }

    static Stream<Arguments> bodies() {
        return Stream.of(
                Arguments.of("null", null, null),
                Arguments.of("text", "grüße\n\0 \uD83D\uDE00", "grüße\n\0 \uD83D\uDE00"),
                Arguments.of("empty text", "", ""),
                Arguments.of("text like JSON", "{\"a\": 1}", "{\"a\": 1}"),
                Arguments.of("true", true, true),
                Arguments.of("int", 7, 7),
                Arguments.of("small long", 7L, 7),
                Arguments.of("long", 3_000_000_000L, 3_000_000_000L),
                Arguments.of("short", (short) 7, 7),
                Arguments.of("small BigInteger", BigInteger.TEN, 10),
                Arguments.of("BigInteger", BigInteger.TWO.pow(80), BigInteger.TWO.pow(80)),
                Arguments.of("double", 0.1, 0.1),
                Arguments.of("whole double", 3.0, 3.0),
                Arguments.of("minus zero", -0.0, -0.0),
                Arguments.of("largest double", Double.MAX_VALUE, Double.MAX_VALUE),
                Arguments.of("float", 0.5f, 0.5),
                Arguments.of("BigDecimal", new BigDecimal("12.50"), 12.5),
                Arguments.of("object", order(), order()),
                Arguments.of("sorted map", new TreeMap<>(Map.of("b", 1L, "a", 2)), Map.of("b", 1, "a", 2)),
                Arguments.of("list", new ArrayList<>(List.of(1L, "x", List.of(2.5f))), List.of(1, "x", List.of(2.5))),
                Arguments.of("JSON tree", JsonNodeFactory.instance.objectNode().put("a", 1), Map.of("a", 1)),
                Arguments.of("JSON text node", JsonNodeFactory.instance.textNode("x"), "x"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bodies")
    void isTheSameAtTheFirstExecutionAndAtAReplay(String name, @Nullable Object made, @Nullable Object seen)
            throws Exception {
        harness.world.on("make", exchange -> made);
        lookInBothLives();

        for (World.Call look : looks()) {
            assertThat(look.body()).isEqualTo(seen);
            if (seen != null && !(seen instanceof Map) && !(seen instanceof List)) {
                assertThat(look.body()).hasSameClassAs(seen);
            }
        }
    }

    private List<World.Call> looks() {
        List<World.Call> looks = harness.world.calls().stream()
                .filter(call -> call.effect().equals("look"))
                .toList();
        assertThat(looks).extracting(World.Call::life).containsExactly(1, 2);
        return looks;
    }

    private void lookInBothLives() throws Exception {
        harness.sync(MAKE_AND_LOOK).start();
        harness.completed(harness.begin("in"));
        String run = harness.begin("sync", "in", Map.of(World.DIE_AT, "2 before"));
        harness.world.awaitDeath(run);
        harness.restart();
        harness.completed(run);
    }

    @Test
    void bytesStayBytes() throws Exception {
        byte[] bytes = {0, 1, (byte) 0xff};
        harness.world.on("make", exchange -> bytes.clone());
        lookInBothLives();

        assertThat(looks()).allSatisfy(look -> assertThat((byte[]) look.body()).isEqualTo(bytes));
    }

    @Test
    void aSmallStreamStaysAStreamThatCanBeReadAgain() throws Exception {
        harness.world.on("make", exchange -> new ByteArrayInputStream("stream".getBytes(StandardCharsets.UTF_8)));
        harness.world.on("look", exchange -> {
            Object body = exchange.getMessage().getBody();
            assertThat(body).isInstanceOf(StreamCache.class);
            String first = exchange.getMessage().getBody(String.class);
            ((StreamCache) body).reset();
            return first + " " + exchange.getMessage().getBody(String.class);
        });
        lookInBothLives();

        looks();
        Run last = harness.store().list(RunQuery.latest("sync")).get(0);
        assertThat(harness.output(harness.stored(last.id()))).isEqualTo("stream stream");
    }

    /** Bytes that are made as they are read; looks at the heap when most of them have been. */
    private static final class Endless extends InputStream {
        private final int length;
        private final AtomicLong grown = new AtomicLong(Long.MAX_VALUE);
        private int position;
        private long heapBefore;

        Endless(int length) {
            this.length = length;
        }

        static byte at(int position) {
            return (byte) (position * 31 + (position >> 10));
        }

        @Override
        public int read() {
            return position == length ? -1 : at(position++) & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int count) {
            if (position == length) {
                return -1;
            }
            if (position == 0) {
                heapBefore = usedHeap();
            }
            int read = Math.min(count, length - position);
            for (int i = 0; i < read; i++) {
                buffer[offset + i] = at(position + i);
            }
            boolean crosses = position < length * 9L / 10 && position + read >= length * 9L / 10;
            position += read;
            if (crosses) {
                grown.set(usedHeap() - heapBefore);
            }
            return read;
        }

        private static long usedHeap() {
            System.gc();
            Runtime runtime = Runtime.getRuntime();
            return runtime.totalMemory() - runtime.freeMemory();
        }
    }

    @Test
    void aStreamOfFiftyMegabytesIsRecordedInPiecesWithoutFillingTheHeap() throws Exception {
        int length = 50 * MEGABYTE + 17;
        Endless endless = new Endless(length);
        harness.world.on("make", exchange -> endless);
        CRC32 expected = new CRC32();
        for (int i = 0; i < length; i++) {
            expected.update(Endless.at(i));
        }
        harness.world.on("look", exchange -> {
            CRC32 sum = new CRC32();
            try (InputStream in = exchange.getMessage().getBody(InputStream.class)) {
                byte[] buffer = new byte[8192];
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    sum.update(buffer, 0, read);
                }
            }
            return sum.getValue();
        });
        harness.sync(MAKE_AND_LOOK).start();
        String run = harness.begin("sync", "in", Map.of(World.DIE_AT, "2 before"));
        harness.world.awaitDeath(run);

        assertThat(endless.grown.get()).as("heap while it was read").isLessThan(16L * MEGABYTE);
        assertThat(((StepRecord.Completed) harness.record(run, "make").outcome()).body())
                .isInstanceOfSatisfying(
                        Payload.Stored.class,
                        stored -> assertThat(stored.length()).isEqualTo(length));
        harness.restart();

        assertThat(harness.output(harness.completed(run))).hasToString(String.valueOf(expected.getValue()));
        assertThat(harness.world.effects()).as("recorded once").containsExactly("make", "look");
    }

    static Stream<Arguments> tooLarge() {
        String text = "x".repeat(5_000);
        return Stream.of(
                Arguments.of("text", text),
                Arguments.of("bytes", text.getBytes(StandardCharsets.UTF_8)),
                Arguments.of("JSON", List.of(text)),
                Arguments.of("stream", new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8))),
                Arguments.of("long stream", new Endless(3 * MEGABYTE)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("tooLarge")
    void aBodyBeyondTheLimitIsAClearErrorAndNotTriedAgain(String kind, Object body) {
        harness.maxBody = kind.equals("long stream") ? 2 * MEGABYTE : 4_000;
        harness.world.on("make", exchange -> body);
        harness.sync(MAKE_AND_LOOK).start();

        Run run = harness.run("in");

        assertThat(run.state()).isEqualTo(RunState.PARKED);
        assertThat(String.valueOf(run.error()))
                .contains("larger than " + harness.maxBody + " bytes", "segno.journal.max-body", "step=make");
        assertThat(harness.world.effects()).containsExactly("make");
    }

    static Stream<Arguments> unrecordable() {
        return Stream.of(
                Arguments.of(Instant.EPOCH, "java.time.Instant"),
                Arguments.of(Map.of(1, "x"), "a map needs string keys"),
                Arguments.of(Map.of("when", Instant.EPOCH), "values that are not JSON"),
                Arguments.of(Double.NaN, "not JSON"),
                Arguments.of(List.of(Float.POSITIVE_INFINITY), "not JSON"),
                Arguments.of(new Object(), "java.lang.Object"));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("unrecordable")
    void whatCannotBeRecordedIsAClearError(Object body, String message) {
        harness.world.on("make", exchange -> body);
        harness.sync(MAKE_AND_LOOK).start();

        Run run = harness.run("in");

        assertThat(run.state()).isEqualTo(RunState.PARKED);
        assertThat(String.valueOf(run.error())).contains(message, "step=make");
    }

    @Test
    void theInputIsTheSameAtAReplay() throws Exception {
        harness.sync("""
                - step:
                    id: look
                    steps:
                      - to: effect:look
                """).start();
        String run = harness.begin("sync", order(), Map.of(World.DIE_AT, "1 after", "who", "me"));
        harness.world.awaitDeath(run);
        harness.restart();
        harness.completed(run);

        assertThat(looks()).extracting(World.Call::body).containsOnly(order());
    }

    @Test
    void headersVariablesAndPropertiesAreRestoredAsTheyWereChangedSetAndRemoved() throws Exception {
        List<Map<String, @Nullable Object>> seen = new ArrayList<>();
        harness.world.on("make", exchange -> {
            exchange.getMessage().setHeader("set", List.of(1L, "x"));
            exchange.getMessage().setHeader("unrecordable", new Object());
            exchange.getMessage().setHeader("Changed", "after");
            exchange.getMessage().removeHeader("removed");
            exchange.setVariable("set", new BigDecimal("1.5"));
            exchange.setVariable("changed", Map.of("a", 2L));
            exchange.removeVariable("removed");
            exchange.setProperty("set", true);
            exchange.setProperty("changed", "after");
            exchange.removeProperty("removed");
            @SuppressWarnings("unchecked")
            Map<String, Object> empty = (Map<String, Object>) exchange.getVariable("filled");
            empty.put("now", "filled");
            return "made";
        });
        harness.world.on("look", exchange -> {
            Map<String, @Nullable Object> all = new TreeMap<>();
            exchange.getMessage().getHeaders().forEach((name, value) -> all.put("header " + name, value));
            exchange.getVariables().forEach((name, value) -> all.put("variable " + name, value));
            exchange.getProperties().forEach((name, value) -> {
                if (!name.startsWith("Segno") && !name.startsWith("Camel")) {
                    all.put("property " + name, value);
                }
            });
            all.remove("header " + World.DIE_AT);
            seen.add(all);
            return null;
        });
        harness.sync("""
                - setHeader: {name: kept, constant: k}
                - setHeader: {name: changed, constant: before}
                - setHeader: {name: removed, constant: r}
                - setVariable: {name: kept, constant: k}
                - setVariable: {name: changed, jq: "{a: 1}"}
                - setVariable: {name: filled, jq: "{}"}
                - setVariable: {name: removed, constant: r}
                - setProperty: {name: kept, constant: k}
                - setProperty: {name: changed, constant: before}
                - setProperty: {name: removed, constant: r}
                """ + MAKE_AND_LOOK).start();
        harness.completed(harness.begin(Map.of()));
        String run = harness.begin("sync", Map.of(), Map.of(World.DIE_AT, "2 before"));
        harness.world.awaitDeath(run);
        harness.restart();
        harness.completed(run);

        Map<String, Object> expected = new HashMap<>();
        expected.put("header kept", "k");
        expected.put("header changed", "after");
        expected.put("header set", List.of(1, "x"));
        expected.put("variable kept", "k");
        expected.put("variable changed", Map.of("a", 2));
        expected.put("variable filled", Map.of("now", "filled"));
        expected.put("variable set", 1.5);
        expected.put("property kept", "k");
        expected.put("property changed", "after");
        expected.put("property set", true);
        assertThat(seen).hasSize(2).allSatisfy(all -> assertThat(all).isEqualTo(expected));
    }

    @Test
    void aVariableThatCannotBeRecordedIsAClearError() {
        harness.world.on("make", exchange -> {
            exchange.setVariable("when", Instant.EPOCH);
            return null;
        });
        harness.sync(MAKE_AND_LOOK).start();

        Run run = harness.run("in");

        assertThat(run.state()).isEqualTo(RunState.PARKED);
        assertThat(String.valueOf(run.error())).contains("variable 'when'", "java.time.Instant", "step=make");
    }

    @Test
    void aStepThatStopsTheRouteStopsItAtReplayToo() throws Exception {
        harness.sync("""
                - split:
                    simple: "${body}"
                    aggregationStrategy: collectBodies
                    steps:
                      - step:
                          id: first
                          steps:
                            - to: effect:first
                            - filter:
                                simple: "${body} == 'b'"
                                steps:
                                  - stop: {}
                      - step:
                          id: second
                          steps:
                            - to: effect:second
                - step:
                    id: report
                    steps:
                      - to: effect:report
                """);

        assertThat(CrashProof.of(harness, List.of("a", "b", "c")).places())
                .containsExactly(
                        "split[0]/first",
                        "split[0]/second",
                        "split[1]/first",
                        "split[2]/first",
                        "split[2]/second",
                        "report");
    }

    @Test
    void aStreamThatBreaksOffFailsTheStepAndIsTriedAgain() throws IOException {
        harness.file("shared/retry.camel.yaml", """
                - routeConfiguration:
                    id: retry
                    errorHandler:
                      defaultErrorHandler:
                        redeliveryPolicy:
                          maximumRedeliveries: 1
                """)
                .file(
                        "test/sync.camel.yaml",
                        RouteHarness.orchestration("sync", "    routeConfigurationId: retry\n", MAKE_AND_LOOK));
        harness.world.on("make", exchange -> new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("connection reset");
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                throw new IOException("connection reset");
            }
        });
        harness.start();

        Run run = harness.run("in");

        assertThat(run.state()).isEqualTo(RunState.PARKED);
        assertThat(String.valueOf(run.error())).contains("connection reset", "step=make");
        assertThat(harness.world.effects()).containsExactly("make", "make");
        assertThat(Arrays.asList(run.output())).containsOnlyNulls();
    }

    @Test
    void jqReadsABodyThatIsAList() {
        harness.sync("- step: {id: count, steps: [{setBody: {jq: length}}]}").start();

        assertThat(harness.output(harness.run(List.of("a", "b", "c")))).isEqualTo(3);
    }
}
