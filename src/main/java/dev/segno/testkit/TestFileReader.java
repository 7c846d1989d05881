package dev.segno.testkit;

import dev.segno.camel.yaml.Problem;
import dev.segno.camel.yaml.Spelling;
import dev.segno.camel.yaml.UnreadableYaml;
import dev.segno.camel.yaml.YamlLimits;
import dev.segno.camel.yaml.YamlMapping;
import dev.segno.camel.yaml.YamlNode;
import dev.segno.camel.yaml.YamlTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads {@code *.test.yaml} files. What is wrong with one is told by line, column and advice, all of it at once. */
final class TestFileReader {

    private static final Set<String> FILE_KEYS = Keys.of("orchestration", "settings", "calls", "cases");
    private static final Set<String> CASE_KEYS = Keys.of(
            "name",
            "orchestration",
            "input",
            "headers",
            "settings",
            "calls",
            "mail",
            "now",
            "signals",
            "retries",
            "crash",
            "skip",
            "expect");

    private final String file;
    private final Set<String> orchestrations;
    private final List<Problem> problems = new ArrayList<>();

    /**
     * What a file holds.
     *
     * @param problems with any of which no case may run
     */
    record Read(List<TestCase> cases, List<Problem> problems) {}

    private TestFileReader(String file, Set<String> orchestrations) {
        this.file = file;
        this.orchestrations = orchestrations;
    }

    /**
     * Reads a file.
     *
     * @param orchestrations that a case can name
     */
    static Read read(Path path, Set<String> orchestrations) throws IOException {
        String name = path.toString().replace('\\', '/');
        TestFileReader reader = new TestFileReader(name, orchestrations);
        List<TestCase> cases = List.of();
        try {
            String text = YamlTree.decode(name, Files.readAllBytes(path), YamlLimits.DEFAULT);
            cases = reader.cases(YamlTree.read(name, text).root());
        } catch (UnreadableYaml e) {
            reader.problems.add(e.problem());
        }
        return new Read(cases, reader.problems.stream().sorted().toList());
    }

    private List<TestCase> cases(YamlNode root) {
        Fields fields = Fields.of(file, root, problems, "a test file", FILE_KEYS);
        List<YamlNode> nodes = fields.list("cases");
        if (nodes.isEmpty()) {
            fields.problem(fields.node(), "the file has no cases", "Add a list 'cases' with at least one of them");
        }
        List<TestCase.Stub> stubs = stubs(fields);
        List<TestCase> cases = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (YamlNode node : nodes) {
            Fields one = Fields.of(file, node, problems, "a case", CASE_KEYS);
            TestCase read = read(one, fields, stubs);
            if (!read.name().isEmpty() && !names.add(read.name())) {
                one.problem(node, "the name '" + read.name() + "' stands twice", "Name each case for itself");
            }
            cases.add(read);
        }
        return cases;
    }

    private TestCase read(Fields one, Fields all, List<TestCase.Stub> shared) {
        List<TestCase.Stub> stubs = new ArrayList<>(stubs(one));
        for (TestCase.Stub stub : shared) {
            if (stubs.stream().noneMatch(stub::isSamePlace)) {
                stubs.add(stub);
            }
        }
        Map<String, String> settings = new LinkedHashMap<>(all.texts("settings"));
        settings.putAll(one.texts("settings"));
        Integer retries = one.number("retries");
        YamlMapping expect = one.node().mapping("expect");
        return new TestCase(
                file,
                one.node().line(),
                one.required("name", "Say what the case shows"),
                orchestration(one, all),
                one.json("input"),
                one.texts("headers"),
                settings,
                stubs,
                one.flag("mail"),
                now(one),
                signals(one),
                retries == null ? 0 : retries,
                crashes(one),
                Optional.ofNullable(one.duration("skip")),
                new ExpectationReader(file, problems).read(expect, one));
    }

    private String orchestration(Fields one, Fields all) {
        Fields from = one.has("orchestration") ? one : all;
        String name = from.text("orchestration");
        if (name == null) {
            one.problem(
                    one.node(),
                    "nothing says which orchestration the case starts",
                    "Add 'orchestration: NAME' to the case, or above 'cases' for all of them");
            return "";
        }
        if (!orchestrations.contains(name)) {
            String meant = Spelling.closest(name, orchestrations);
            from.problem(
                    Objects.requireNonNull(from.get("orchestration")),
                    "there is no orchestration '" + name + "'",
                    meant != null
                            ? "Did you mean '" + meant + "'?"
                            : "There are "
                                    + String.join(
                                            ", ",
                                            orchestrations.stream().sorted().toList()));
        }
        return name;
    }

    private Optional<Instant> now(Fields one) {
        String text = one.text("now");
        if (text == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeParseException e) {
            one.problem(
                    Objects.requireNonNull(one.get("now")),
                    "'" + text + "' is no point in time",
                    "Write it as in 2026-03-01T12:00:00Z");
            return Optional.empty();
        }
    }

    private List<TestCase.PlannedSignal> signals(Fields one) {
        List<TestCase.PlannedSignal> signals = new ArrayList<>();
        for (YamlNode node : one.list("signals")) {
            Fields signal = Fields.of(file, node, problems, "a signal", Keys.of("name", "body", "after", "to"));
            Duration after = signal.duration("after");
            String to = signal.text("to");
            signals.add(new TestCase.PlannedSignal(
                    signal.required("name", "Name it as the await does"),
                    signal.json("body"),
                    to,
                    after == null ? Duration.ZERO : after));
        }
        return signals;
    }

    private List<TestCase.Crash> crashes(Fields one) {
        List<TestCase.Crash> crashes = new ArrayList<>();
        for (YamlNode node : one.listOrOne("crash")) {
            Fields crash = Fields.of(file, node, problems, "a crash", Keys.of("after", "in"));
            String after = crash.text("after");
            String in = crash.text("in");
            if ((after == null) == (in == null)) {
                crash.problem(
                        node,
                        "a crash has one place",
                        "Write 'after: STEP' for when its record is on disk, or 'in: STEP' for when its service was"
                                + " called");
            } else {
                crashes.add(new TestCase.Crash(after != null ? after : String.valueOf(in), after != null));
            }
        }
        return crashes;
    }

    private List<TestCase.Stub> stubs(Fields parent) {
        YamlNode node = parent.get("calls");
        if (node == null) {
            return List.of();
        }
        List<TestCase.Stub> stubs = new ArrayList<>();
        Fields.any(file, node, problems, "'calls'").entries().forEach((service, paths) -> {
            Fields.any(file, paths.value(), problems, "the answers of a service")
                    .entries()
                    .forEach((place, answers) -> stub(service, place, answers).ifPresent(stubs::add));
        });
        return stubs;
    }

    private Optional<TestCase.Stub> stub(String service, String place, YamlMapping.Entry entry) {
        Place read = Place.of(place);
        if (read == null) {
            problems.add(Problem.error(
                    file,
                    entry.key(),
                    "'" + place + "' is no path",
                    "Write /path, or a method and a path, as in GET /status"));
            return Optional.empty();
        }
        boolean always = entry.value() instanceof YamlMapping;
        List<YamlNode> nodes = always
                ? List.of(entry.value())
                : Fields.of(
                                file,
                                new YamlMapping(
                                        Map.of(place, entry),
                                        entry.key().line(),
                                        entry.key().column(),
                                        entry.key().path()),
                                problems,
                                "the answers of a service",
                                Set.of(place))
                        .list(place);
        return Optional.of(new TestCase.Stub(
                service,
                read.method(),
                read.path(),
                always,
                nodes.stream().map(this::answer).toList()));
    }

    private TestCase.StubAnswer answer(YamlNode node) {
        Fields answer = Fields.of(
                file, node, problems, "an answer", Keys.of("status", "body", "headers", "hang", "drop", "when"));
        boolean hang = answer.flag("hang");
        boolean drop = answer.flag("drop");
        Integer status = answer.number("status");
        if (status != null && (status < 200 || status > 599)) {
            answer.problem(node, status + " is no status of an answer", "Write one from 200 to 599");
            status = null;
        }
        if ((hang || drop) && (hang == drop || status != null || answer.has("body"))) {
            answer.problem(
                    node, "a call that hangs or breaks off gets no answer", "Leave hang or drop, or status and body");
        }
        return new TestCase.StubAnswer(
                hang ? TestCase.Behaviour.HANG : drop ? TestCase.Behaviour.DROP : TestCase.Behaviour.ANSWER,
                status == null ? 200 : status,
                answer.json("body"),
                answer.texts("headers"),
                answer.json("when"));
    }

    /** A path, perhaps with a method before it. */
    record Place(@Nullable String method, String path) {

        static @Nullable Place of(String text) {
            String[] words = text.strip().split(" +");
            String path = words[words.length - 1];
            boolean right =
                    words.length <= 2 && path.startsWith("/") && (words.length == 1 || words[0].matches("[A-Z]+"));
            return right ? new Place(words.length == 2 ? words[0] : null, path) : null;
        }
    }
}
