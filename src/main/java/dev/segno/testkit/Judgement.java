package dev.segno.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Compares what a run came to with what was expected. */
final class Judgement {

    private final TestCase.Expectation expected;
    private final String runId;
    private final JsonNode run;
    private final List<JsonNode> others;
    private final List<ReceivedCall> calls;
    private final List<MailServer.ReceivedMail> mails;
    private final List<String> differences = new ArrayList<>();

    /**
     * @param run    the run's document, as the API shows it
     * @param others documents of all other runs, the oldest first
     */
    Judgement(
            TestCase.Expectation expected,
            String runId,
            JsonNode run,
            List<JsonNode> others,
            List<ReceivedCall> calls,
            List<MailServer.ReceivedMail> mails) {
        this.expected = expected;
        this.runId = runId;
        this.run = run;
        this.others = others;
        this.calls = calls;
        this.mails = mails;
        state();
        whole("output", expected.output(), run.path("output"));
        part("output", expected.outputHas(), run.path("output"));
        expected.error().ifPresent(this::error);
        expected.steps().ifPresent(this::steps);
        part("attributes", expected.attributes(), run.path("attributes"));
        expected.calls().forEach(this::calls);
        expected.runs().ifPresent(this::runs);
        expected.mails().ifPresent(this::mails);
    }

    List<String> differences() {
        return differences;
    }

    private void state() {
        String state = run.path("state").asText();
        if (!state.equals(expected.state())) {
            differences.add("state: expected " + expected.state() + ", was " + state + explained(run));
        }
    }

    private static String explained(JsonNode run) {
        JsonNode error = run.path("error");
        if (error.isObject()) {
            String step =
                    error.path("step").isTextual() ? " at " + error.path("step").asText() : "";
            return step + ": " + error.path("message").asText();
        }
        JsonNode waiting = run.path("waiting");
        return waiting.isObject() ? " at " + waiting.path("key").asText() : "";
    }

    private void whole(String at, @Nullable JsonNode wanted, JsonNode actual) {
        if (wanted != null) {
            Difference.compare(at, wanted, actual, false, differences);
        }
    }

    private void part(String at, @Nullable JsonNode wanted, JsonNode actual) {
        if (wanted != null) {
            Difference.compare(at, wanted, actual, true, differences);
        }
    }

    private void error(TestCase.ExpectedError wanted) {
        JsonNode error = run.path("error");
        same("error.step", wanted.step(), error.path("step").asText());
        same("error.type", wanted.type(), error.path("type").asText());
        contains("error.message", wanted.message(), error.path("message").asText());
    }

    private void same(String at, @Nullable String wanted, String actual) {
        if (wanted != null && !wanted.equals(actual)) {
            differences.add(at + ": expected " + wanted + ", was " + (actual.isEmpty() ? "nothing" : actual));
        }
    }

    private void contains(String at, @Nullable String wanted, String actual) {
        if (wanted != null && !actual.contains(wanted)) {
            differences.add(at + ": expected a text with '" + wanted + "', was '" + actual + "'");
        }
    }

    private List<JsonNode> recorded() {
        return StreamSupport.stream(run.path("steps").spliterator(), false).toList();
    }

    private void steps(TestCase.ExpectedSteps wanted) {
        List<String> keys =
                wanted.steps().stream().map(TestCase.ExpectedStep::key).toList();
        List<String> actual =
                recorded().stream().map(step -> step.path("key").asText()).toList();
        List<String> lines = wanted.anyOrder()
                ? Difference.ofLines(
                        keys.stream().sorted().toList(),
                        actual.stream().sorted().toList())
                : Difference.ofLines(keys, actual);
        if (!lines.isEmpty()) {
            differences.add("steps:");
            differences.addAll(lines);
        }
        for (TestCase.ExpectedStep step : wanted.steps()) {
            recorded().stream()
                    .filter(known -> known.path("key").asText().equals(step.key()))
                    .findFirst()
                    .ifPresent(known -> step(step, known));
        }
    }

    private void step(TestCase.ExpectedStep wanted, JsonNode actual) {
        String at = "steps." + wanted.key();
        same(at + ".state", wanted.state(), actual.path("state").asText());
        int attempts = actual.path("attempts").size();
        if (wanted.attempts() != null && wanted.attempts() != attempts) {
            differences.add(at + ".attempts: expected " + wanted.attempts() + ", was " + attempts);
        }
        whole(at + ".output", wanted.output(), actual.path("output"));
        part(at + ".output", wanted.outputHas(), actual.path("output"));
    }

    private void calls(TestCase.ExpectedCalls wanted) {
        List<ReceivedCall> actual = calls.stream()
                .filter(call -> call.service().equals(wanted.service())
                        && call.path().equals(wanted.path())
                        && (wanted.method() == null || wanted.method().equals(call.method())))
                .toList();
        String at = "calls." + wanted.place();
        if (actual.size() != wanted.count()) {
            differences.add(at + ": expected " + wanted.count() + " call(s), was " + actual.size());
        }
        for (int i = 0; i < Math.min(actual.size(), wanted.calls().size()); i++) {
            call(at + "[" + i + "]", wanted.calls().get(i), actual.get(i));
        }
    }

    private void call(String at, TestCase.ExpectedCall wanted, ReceivedCall actual) {
        String key = wanted.key();
        if (key != null && !actual.isOf(key)) {
            differences.add(at + ".key: expected that of " + key + ", was "
                    + (actual.key().isEmpty() ? "none" : actual.key()));
        }
        JsonNode body = actual.body();
        part(at + ".body", wanted.body(), body == null ? MissingNode.getInstance() : body);
        wanted.headers().forEach((name, value) -> {
            String sent = actual.headers().get(name);
            same(at + ".headers." + name, value, sent == null ? "" : sent);
        });
    }

    private void runs(List<TestCase.ExpectedRun> wanted) {
        List<String> lines = Difference.ofLines(
                wanted.stream().map(TestCase.ExpectedRun::orchestration).toList(),
                others.stream()
                        .map(other -> other.path("orchestration").asText())
                        .toList());
        if (!lines.isEmpty()) {
            differences.add("runs:");
            differences.addAll(lines);
            return;
        }
        for (int i = 0; i < wanted.size(); i++) {
            TestCase.ExpectedRun one = wanted.get(i);
            JsonNode actual = others.get(i);
            String at = "runs[" + i + "]";
            String state = actual.path("state").asText();
            if (one.state() != null && !one.state().equals(state)) {
                differences.add(at + ".state: expected " + one.state() + ", was " + state + explained(actual));
            }
            part(at + ".input", one.inputHas(), actual.path("input"));
            part(at + ".output", one.outputHas(), actual.path("output"));
            contains(
                    at + ".error",
                    one.errorHas(),
                    actual.path("error").path("message").asText());
        }
    }

    private void mails(List<TestCase.ExpectedMail> wanted) {
        if (wanted.size() != mails.size()) {
            differences.add("mails: expected " + wanted.size() + ", was " + mails.size());
        }
        for (int i = 0; i < Math.min(wanted.size(), mails.size()); i++) {
            String at = "mails[" + i + "]";
            same(at + ".to", wanted.get(i).to(), mails.get(i).to());
            same(at + ".subject", wanted.get(i).subject(), mails.get(i).subject());
            contains(at + ".text", wanted.get(i).textHas(), mails.get(i).text());
        }
    }

    /** What the run did: its steps, and the calls that were made. */
    List<String> account() {
        List<String> lines = new ArrayList<>();
        lines.add("what run " + runId + " did:");
        for (JsonNode step : recorded()) {
            int attempts = step.path("attempts").size();
            lines.add("    " + step.path("key").asText() + "  "
                    + step.path("state").asText() + (attempts > 1 ? "  " + attempts + " attempts" : ""));
        }
        others.forEach(
                other -> lines.add("    run of " + other.path("orchestration").asText() + "  "
                        + other.path("state").asText()));
        if (!calls.isEmpty()) {
            lines.add("calls that were made:");
            Set<String> seen = new HashSet<>();
            for (ReceivedCall call : calls) {
                String again = call.key().isEmpty() || seen.add(call.key()) ? "" : ", same key again";
                lines.add("    " + call + again);
            }
        }
        mails.forEach(mail -> lines.add("    " + mail));
        return lines;
    }
}
