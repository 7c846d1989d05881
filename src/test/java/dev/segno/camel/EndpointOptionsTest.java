package dev.segno.camel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segno.camel.yaml.OwnOptions;
import dev.segno.camel.yaml.Problem;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of options says what the components take; and what is wrong with the value of one is told with its place. */
class EndpointOptionsTest extends RouteTest {

    private static final String CALL = """
            path=/book query=limit=5 method=PUT timeoutMs=500 tries=2 pauseMs=100 retry=never untilDeadline=true refusals=take
            busyStatus=409 busyPath=/status busyField=busy busyTimeoutMs=1000 credentialHeader=X-Key credential=DESK_KEY
            bearer=DESK_TOKEN requestHeaders=a,b answerHeaders=c""";

    static Stream<Arguments> addresses() {
        return Stream.of(
                Arguments.of("from", "orchestration:other", """
                        durability=relaxed onFailure=fail maxConcurrent=2 maxQueued=5 whenBusy=queue rate=10/1m deadline=1h
                        concurrencyKey=${body[customer]} priority=3 singleton=false"""),
                Arguments.of("from", "runs:ended", """
                        name=daily zone=Europe/Berlin delay=1 initialDelay=1 timeUnit=SECONDS useFixedDelay=true greedy=false repeatCount=0
                        backoffMultiplier=2 backoffIdleThreshold=5 backoffErrorThreshold=5 runLoggingLevel=TRACE startScheduler=true sendEmptyMessageWhenIdle=false"""),
                Arguments.of("from", "quartz:night", """
                        trigger.timeZone=Europe/Berlin trigger.misfireInstruction=1 misfire=skip overlap=queue cron=off"""),
                Arguments.of("to", "orchestration:other", "mode=sync wait=30s"),
                Arguments.of("to", "await:approval", "timeout=1h"),
                Arguments.of("to", "await:sleep", "for=1h"),
                Arguments.of("to", "service:desk", CALL),
                Arguments.of("to", "runs:latest", "orchestration=other state=COMPLETED"),
                Arguments.of("to", "runs:list", "orchestration=other state=COMPLETED limit=5"),
                Arguments.of("to", "runs:get", "id=7 whole=true"),
                Arguments.of("to", "runs:retry", "id=7"),
                Arguments.of("to", "runs:cancel", "id=7"),
                Arguments.of("to", "runs:signal", "id=7 name=go"),
                Arguments.of("to", "runs:token", "await=approval"),
                Arguments.of("to", "runs:current", ""),
                Arguments.of("to", "schedules:night", ""));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("addresses")
    void eachOptionOfTheTableIsTaken(String place, String address, String options) {
        Map<String, String> given = new TreeMap<>();
        for (String option : options.strip().split("\\s+")) {
            if (!option.isEmpty()) {
                given.put(option.substring(0, option.indexOf('=')), option.substring(option.indexOf('=') + 1));
            }
        }
        String[] parts = address.split(":", 2);
        assertThat(OwnOptions.of(place.equals("from"), parts[0], parts[1]))
                .map(Set::copyOf)
                .contains(given.keySet());

        harness.file("test/options.camel.yaml", route(place, address, given)).start();
    }

    /** A route of its own that begins at the address, or calls it in a place where it may stand. */
    private static String route(String place, String address, Map<String, String> options) {
        String endpoint = "uri: " + address + "\nid: approval\nparameters:"
                + (options.isEmpty() ? " {}" : "")
                + options.entrySet().stream()
                        .map(option -> "\n  " + option.getKey() + ": \"" + option.getValue() + '"')
                        .collect(Collectors.joining());
        if (place.equals("from")) {
            return "- route:\n    id: options\n    from:\n"
                    + (endpoint.replace("id: approval\n", "") + "\nsteps:\n  - log: x\n").indent(6);
        }
        String to = "- to:\n" + endpoint.indent(4);
        boolean waits = address.startsWith("await:");
        return RouteHarness.orchestration(
                "options", "", waits ? to : "- step:\n    id: call\n    steps:\n" + to.indent(6));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "log:orders?level=LOUD                                   | LOUD",
                "log:orders?showBody=perhaps                             | perhaps",
                "service:desk?path=/book&tries=often                     | often",
                "service:desk?path=book                                  | path must begin with /",
                "orchestration:other?mode=later                          | mode",
                "kamelet:call?service=desk&path=/book&timeoutMs=soon     | soon"
            })
    void aValueThatIsWrongIsToldWithTheLineOfItsAddress(String address, String message) {
        harness.sync("""
                - step:
                    id: first
                    steps:
                      - log: x
                - step:
                    id: call
                    steps:
                      - to: %s
                """.formatted(address)).load();

        assertThat(harness.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.isError()).isTrue();
            assertThat(problem.file()).isEqualTo("test/sync.camel.yaml");
            assertThat(line(problem)).contains(address);
            assertThat(problem.what()).contains(message).doesNotContain("\n", "\tat ");
        });
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "quartz:night | cron | daily | 'daily' is no cron expression",
                "seda:later   | size | 5     | No endpoint could be found for: seda"
            })
    void whereARouteBeginsTheLineIsToldToo(String address, String option, String value, String message) {
        harness.file("test/begin.camel.yaml", """
                - route:
                    id: begin
                    from:
                      uri: %s
                      parameters:
                        %s: %s
                      steps:
                        - log: x
                """.formatted(address, option, value))
                .load();

        assertThat(harness.problems()).singleElement().satisfies(problem -> {
            assertThat(line(problem)).contains("uri: " + address);
            assertThat(problem.what()).contains(message);
        });
    }

    private String line(Problem problem) {
        List<String> lines = harness.text(problem.file()).lines().toList();
        return lines.get(problem.line() - 1);
    }
}
