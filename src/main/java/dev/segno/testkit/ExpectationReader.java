package dev.segno.testkit;

import dev.segno.camel.yaml.Problem;
import dev.segno.camel.yaml.Spelling;
import dev.segno.camel.yaml.YamlMapping;
import dev.segno.camel.yaml.YamlNode;
import dev.segno.camel.yaml.YamlScalar;
import dev.segno.camel.yaml.YamlSequence;
import dev.segno.run.RunState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads the {@code expect} of a case. */
final class ExpectationReader {

    private static final Set<String> KEYS =
            Keys.of("state", "output", "outputHas", "error", "steps", "attributes", "calls", "runs", "mails");
    private static final Set<String> STATES =
            Arrays.stream(RunState.values()).map(Enum::name).collect(Collectors.toUnmodifiableSet());

    private final String file;
    private final List<Problem> problems;

    ExpectationReader(String file, List<Problem> problems) {
        this.file = file;
        this.problems = problems;
    }

    /** @param expect {@code null} where there is none, which is a problem of the case */
    TestCase.Expectation read(@Nullable YamlMapping expect, Fields of) {
        if (expect == null) {
            of.problem(
                    of.node(),
                    "the case expects nothing",
                    "Add 'expect:' with at least the run's state, as in 'expect: {state: COMPLETED}'");
        }
        Fields fields = Fields.of(file, expect == null ? empty(of.node()) : expect, problems, "'expect'", KEYS);
        String state = state(fields);
        return new TestCase.Expectation(
                state == null ? RunState.COMPLETED.name() : state,
                fields.json("output"),
                fields.json("outputHas"),
                error(fields),
                steps(fields),
                fields.json("attributes"),
                calls(fields),
                fields.has("runs")
                        ? Optional.of(
                                fields.list("runs").stream().map(this::run).toList())
                        : Optional.empty(),
                fields.has("mails")
                        ? Optional.of(
                                fields.list("mails").stream().map(this::mail).toList())
                        : Optional.empty());
    }

    private static YamlMapping empty(YamlMapping at) {
        return new YamlMapping(java.util.Map.of(), at.line(), at.column(), at.path());
    }

    private @Nullable String state(Fields fields) {
        String state = fields.text("state");
        if (state != null && !STATES.contains(state)) {
            String meant = Spelling.closest(state, STATES);
            fields.problem(
                    Objects.requireNonNull(fields.get("state")),
                    "'" + state + "' is no state of a run",
                    meant == null
                            ? "There are " + STATES.stream().sorted().collect(Collectors.joining(", "))
                            : "Did you mean " + meant + "?");
        }
        return state;
    }

    private Optional<TestCase.ExpectedError> error(Fields fields) {
        YamlNode node = fields.get("error");
        if (node == null) {
            return Optional.empty();
        }
        Fields error = Fields.of(file, node, problems, "'error'", Keys.of("step", "type", "message"));
        return Optional.of(new TestCase.ExpectedError(error.text("step"), error.text("type"), error.text("message")));
    }

    private Optional<TestCase.ExpectedSteps> steps(Fields fields) {
        YamlNode node = fields.get("steps");
        if (node == null) {
            return Optional.empty();
        }
        boolean anyOrder = node instanceof YamlMapping;
        List<YamlNode> steps = anyOrder
                ? Fields.of(file, node, problems, "'steps'", Keys.of("anyOrder"))
                        .list("anyOrder")
                : fields.list("steps");
        return Optional.of(
                new TestCase.ExpectedSteps(steps.stream().map(this::step).toList(), anyOrder));
    }

    private TestCase.ExpectedStep step(YamlNode node) {
        if (node instanceof YamlScalar key) {
            return new TestCase.ExpectedStep(key.text(), null, null, null, null);
        }
        Fields step =
                Fields.of(file, node, problems, "a step", Keys.of("key", "state", "attempts", "output", "outputHas"));
        return new TestCase.ExpectedStep(
                step.required("key", "Write the step's key, as in chunks[0]/load"),
                step.text("state"),
                step.number("attempts"),
                step.json("output"),
                step.json("outputHas"));
    }

    private List<TestCase.ExpectedCalls> calls(Fields fields) {
        YamlNode node = fields.get("calls");
        if (node == null) {
            return List.of();
        }
        List<TestCase.ExpectedCalls> calls = new ArrayList<>();
        Fields places = Fields.any(file, node, problems, "'calls'");
        places.entries().forEach((place, entry) -> {
            int space = place.indexOf(' ');
            TestFileReader.Place path = space < 0 ? null : TestFileReader.Place.of(place.substring(space + 1));
            if (path == null) {
                places.problem(
                        entry.key(),
                        "'" + place + "' does not say which calls",
                        "Write the service and the path, as in 'stock /reserve' or 'stock GET /status'");
                return;
            }
            List<TestCase.ExpectedCall> list = entry.value() instanceof YamlSequence sequence
                    ? sequence.items().stream().map(this::call).toList()
                    : List.of();
            Integer count = entry.value() instanceof YamlSequence ? Integer.valueOf(list.size()) : places.number(place);
            calls.add(new TestCase.ExpectedCalls(
                    place, place.substring(0, space), path.method(), path.path(), count == null ? 0 : count, list));
        });
        return calls;
    }

    private TestCase.ExpectedCall call(YamlNode node) {
        Fields call = Fields.of(file, node, problems, "a call", Keys.of("key", "body", "headers"));
        return new TestCase.ExpectedCall(call.text("key"), call.json("body"), call.texts("headers"));
    }

    private TestCase.ExpectedMail mail(YamlNode node) {
        Fields mail = Fields.of(file, node, problems, "a mail", Keys.of("to", "subject", "textHas"));
        return new TestCase.ExpectedMail(mail.text("to"), mail.text("subject"), mail.text("textHas"));
    }

    private TestCase.ExpectedRun run(YamlNode node) {
        if (node instanceof YamlScalar name) {
            return new TestCase.ExpectedRun(name.text(), null, null, null, null);
        }
        Fields run = Fields.of(
                file, node, problems, "a run", Keys.of("orchestration", "state", "inputHas", "outputHas", "errorHas"));
        return new TestCase.ExpectedRun(
                run.required("orchestration", "Say of which orchestration the run is"),
                state(run),
                run.json("inputHas"),
                run.json("outputHas"),
                run.text("errorHas"));
    }
}
