package dev.segno.camel.yaml;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Walks through everything that a file's runs can reach, as a run would: from the orchestrations into the {@code
 * direct:} routes that they call, and checks each EIP against {@link EipRules}. A route is walked once per situation
 * in which it is called (inside or outside a step, in a parallel branch, …). Not thread-safe.
 */
final class RunLint {

    /** Calls that change nothing, or are recorded by themselves. */
    private static final Set<String> NO_EFFECT =
            Set.of("direct", "log", "language", "runs", "await", "json-validator", "jslt", "mock", "stub");

    /** Queues in memory: what they hold is lost with the process. */
    private static final Set<String> MEMORY_QUEUES = Set.of("seda", "disruptor", "disruptor-vm", "vm");

    private static final Set<String> WITH_TIMEOUT = Set.of("split", "multicast", "recipientList");

    private static final Pattern CHANGES = Pattern.compile(
            "^(?:date:now|date-with-timezone:now|random\\(|uuid|threadName|threadId|hostname|exchangeId|messageId|id$)");

    private static final String SAGA_ADVICE =
            "Give it a 'direct:' route of this file, with the saga as its only step, and call that";

    private final RouteFile file;
    private final Map<String, FoundRoute> direct;
    private final List<Problem> problems;
    private final SharedVariableLint sharedVariables;
    private final BetweenStepsLint betweenSteps;
    private final Set<VisitKey> visited = new HashSet<>();
    private final Set<String> reached = new LinkedHashSet<>();
    private final Set<String> walked = new HashSet<>();
    private final Deque<Visit> open = new ArrayDeque<>();

    private record Visit(FoundRoute route, Situation situation) {}

    /** A route by what tells it apart in its file, which is cheaper to compare than its tree. */
    private record VisitKey(FoundRoute.Kind kind, String route, Situation situation) {}

    RunLint(RouteFile file, Map<String, FoundRoute> direct, List<Problem> problems) {
        this.file = file;
        this.direct = direct;
        this.problems = problems;
        this.sharedVariables = new SharedVariableLint(file.path(), problems);
        this.betweenSteps = new BetweenStepsLint(file.path(), problems);
    }

    /**
     * Adds what it finds to the problems.
     *
     * @return the names of the direct: routes that runs reach
     */
    Set<String> check() {
        for (FoundRoute route : file.orchestrations()) {
            call(route, Situation.TOP);
        }
        if (!file.orchestrations().isEmpty()) {
            handlers();
        }
        // A list and not recursion: a long chain of calls must not be able to exhaust the stack.
        for (Visit next = open.poll(); next != null; next = open.poll()) {
            walk(next.route(), next.situation());
        }
        return reached;
    }

    /** onException and its like at the top of the file apply to the runs' routes too. */
    private void handlers() {
        if (file.tree().root() instanceof YamlSequence list) {
            for (EipNode entry : EipNode.in(list)) {
                if (entry.name().startsWith("on") || entry.name().startsWith("intercept")) {
                    Map<String, YamlScalar> ids = new HashMap<>();
                    ids(List.of(entry), ids);
                    eip(entry, Situation.TOP);
                }
            }
        }
    }

    private void call(FoundRoute route, Situation situation) {
        if (visited.add(new VisitKey(route.kind(), route.name(), situation))) {
            open.add(new Visit(route, situation));
        }
    }

    private void walk(FoundRoute route, Situation situation) {
        if (route.kind() == FoundRoute.Kind.DIRECT) {
            reached.add(route.name());
        }
        List<EipNode> steps = EipNode.in(route.steps());
        if (walked.add(route.kind() + ":" + route.name())) {
            ids(steps, new HashMap<>());
            YamlNode receive = route.from().get("variableReceive");
            if (receive instanceof YamlScalar name) {
                sharedVariables.name(name);
            }
        }
        long inOrder = steps.stream().filter(eip -> !standsBeside(eip)).count();
        for (EipNode eip : steps) {
            if (eip.name().equals("saga") && inOrder > 1) {
                error(eip.key(), "a saga beside other steps: Camel lets it begin after all of them", SAGA_ADVICE);
            }
            eip(eip, situation);
        }
    }

    /** What belongs to the route as a whole, and not to its order. */
    private static boolean standsBeside(EipNode eip) {
        return eip.name().startsWith("on") || eip.name().startsWith("intercept");
    }

    /** Ids become step keys: each once in its route, and of characters that a key can hold. */
    private void ids(List<EipNode> eips, Map<String, YamlScalar> seen) {
        for (EipNode eip : eips) {
            YamlNode node = eip.node("id");
            if (node instanceof YamlScalar id) {
                if (!DurabilityLint.NAME.matcher(id.text()).matches()) {
                    error(id, "'%s' cannot be an id".formatted(id.text()), DurabilityLint.NAME_ADVICE);
                }
                YamlScalar earlier = seen.putIfAbsent(id.text(), id);
                if (earlier != null) {
                    error(
                            id,
                            "the id '%s' stands twice in this route, first in line %d"
                                    .formatted(id.text(), earlier.line()),
                            "Give each step its own id: it is the address of its record");
                }
            } else if (eip.name().equals("step")) {
                error(eip.key(), "a step without an id", "Add 'id:' with a verb phrase, as in 'reserve-stock'");
            }
            ids(eip.children(), seen);
        }
    }

    private void eip(EipNode eip, Situation situation) {
        EipRules.Rule rule = EipRules.of(eip.name());
        if (rule == null) {
            return;
        }
        boolean outside = !situation.insideStep();
        if (rule.verdict() == EipRules.Verdict.REFUSED) {
            error(eip.key(), "'%s' in a run: it %s".formatted(eip.name(), rule.reason()), rule.advice());
        } else if (rule.verdict() == EipRules.Verdict.INSIDE_A_STEP && outside && situation.holdsNoSteps() == null) {
            error(eip.key(), "'%s' outside a step of a run: it %s".formatted(eip.name(), rule.reason()), rule.advice());
        } else if (rule.effect() && outside && eip.endpoints().isEmpty()) {
            warning(eip.key(), "'%s' outside a step: it %s".formatted(eip.name(), rule.reason()), rule.advice());
        }
        if (eip.name().equals("step") && situation.holdsNoSteps() != null) {
            stepInside(eip, situation.holdsNoSteps());
        }
        timeout(eip, outside);
        completion(eip);
        sharedVariables.check(eip);
        YamlNode sagaService = eip.name().equals("saga") ? eip.node("sagaService") : null;
        if (sagaService != null) {
            error(
                    sagaService,
                    "a saga service of its own: only the durable one finds its compensations after a crash",
                    "Remove 'sagaService'");
        }
        if (eip.name().equals("saga")) {
            saga(eip);
        }
        if (outside) {
            changing(eip);
        }
        Situation inside = inside(eip, rule, situation);
        for (EndpointUse use : eip.endpoints()) {
            endpoint(eip, use, inside, situation);
        }
        for (EipNode child : eip.children()) {
            if (child.name().equals("saga")) {
                error(
                        child.key(),
                        "a saga inside '%s': Camel builds it around whole routes only".formatted(eip.name()),
                        SAGA_ADVICE);
            }
            eip(child, inside);
        }
    }

    private static Situation inside(EipNode eip, EipRules.Rule rule, Situation situation) {
        // What is refused altogether has had its message; its steps need none of their own.
        boolean holdsNone = rule.verdict() != EipRules.Verdict.WITH_STEPS && rule.verdict() != EipRules.Verdict.REFUSED;
        String parallel = eip.option("parallelProcessing");
        boolean branches = WITH_TIMEOUT.contains(eip.name())
                && ((parallel != null && !parallel.equals("false")) || eip.option("executorService") != null);
        return new Situation(
                situation.insideStep() || eip.name().equals("step"),
                holdsNone ? eip.name() : situation.holdsNoSteps(),
                situation.parallel() || branches,
                situation.insideSaga() || eip.name().equals("saga"));
    }

    private void endpoint(EipNode eip, EndpointUse use, Situation inside, Situation around) {
        String scheme = use.uri().scheme();
        boolean outside = !around.insideStep();
        if (scheme.equals("direct")) {
            FoundRoute called = direct.get(use.uri().name());
            if (called != null) {
                // A compensation runs by itself, after the saga and outside of whatever surrounds it.
                call(called, eip.name().equals("saga") ? Situation.TOP : inside);
            }
        } else if (BetweenStepsLint.isFor(use)) {
            betweenSteps.check(eip, use, around);
        } else if (MEMORY_QUEUES.contains(scheme) && outside) {
            error(
                    use.at(),
                    "'%s:' outside a step of a run: what waits in memory is lost with the process".formatted(scheme),
                    "Start a child run with 'to: orchestration:NAME' in a step, or put it inside a step");
        } else if (outside && !eip.name().equals("saga") && !NO_EFFECT.contains(scheme) && mayStandOutside(eip)) {
            warning(
                    use.at(),
                    "'%s' outside a step: it is called again at each replay"
                            .formatted(shortened(use.uri().text())),
                    "Put it inside a step");
        }
    }

    /** An EIP that is refused outside a step needs no second message about its endpoint. */
    private static boolean mayStandOutside(EipNode eip) {
        EipRules.Rule rule = EipRules.of(eip.name());
        return rule == null
                || rule.verdict() == EipRules.Verdict.WITH_STEPS
                || rule.verdict() == EipRules.Verdict.WITHOUT_STEPS;
    }

    private void stepInside(EipNode step, String container) {
        EipRules.Rule rule = EipRules.of(container);
        boolean turnAround = rule != null && rule.verdict() == EipRules.Verdict.INSIDE_A_STEP;
        error(
                step.key(),
                "a step inside '%s', which holds none: it %s".formatted(container, rule == null ? "" : rule.reason()),
                turnAround ? "Put the '%s' inside the step".formatted(container) : "Move the step out of it");
    }

    private void saga(EipNode eip) {
        YamlNode timeout = eip.node("timeout");
        if (timeout != null) {
            error(
                    timeout,
                    "'timeout' on 'saga': it would undo a run behind its back",
                    "Wait with 'await:NAME?timeout=…' and throw an exception when the time is up");
        }
        YamlNode mode = eip.node("completionMode");
        if (mode instanceof YamlScalar text && text.text().equalsIgnoreCase("MANUAL")) {
            error(
                    mode,
                    "'completionMode: MANUAL': a saga of a run ends with the block that it stands around",
                    "Remove 'completionMode'");
        }
    }

    private void completion(EipNode eip) {
        String parallel = eip.option("parallelProcessing");
        boolean ownThread = (parallel != null && !parallel.equals("false")) || eip.option("executorService") != null;
        if (eip.name().equals("onCompletion") && ownThread) {
            error(
                    eip.key(),
                    "'onCompletion' in a thread of its own: the run would end without waiting for it",
                    "Remove parallelProcessing and executorService");
        }
    }

    private void timeout(EipNode eip, boolean outside) {
        YamlNode timeout = eip.node("timeout");
        if (outside
                && timeout instanceof YamlScalar value
                && WITH_TIMEOUT.contains(eip.name())
                && !value.text().equals("0")) {
            error(
                    timeout,
                    "'timeout' on '%s': which branches were in time would differ at replay".formatted(eip.name()),
                    "Give each call in it a timeout of its own");
        }
    }

    private void changing(EipNode eip) {
        for (YamlScalar text : eip.texts()) {
            for (String function : SimpleText.functions(text.text())) {
                if (CHANGES.matcher(function).find() && !eip.name().equals("log")) {
                    warning(
                            text,
                            "'${%s}' outside a step: it is another one at each replay".formatted(shortened(function)),
                            "Compute it inside a step: what a step sets is recorded");
                }
            }
        }
    }

    private static String shortened(String text) {
        return text.length() > 60 ? text.substring(0, 60) + "…" : text;
    }

    private void error(YamlNode at, String what, String advice) {
        problems.add(Problem.error(file.path(), at, what, advice));
    }

    private void warning(YamlNode at, String what, String advice) {
        problems.add(Problem.warning(file.path(), at, what, advice));
    }
}
