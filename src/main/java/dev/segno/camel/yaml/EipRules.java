package dev.segno.camel.yaml;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What each EIP of the YAML DSL may do inside a run: the one table that the lint, its messages and the documentation
 * are made of. Immutable.
 */
public final class EipRules {

    /** Where an EIP may stand in a run. */
    public enum Verdict {
        /** Anywhere; steps may stand in it. */
        WITH_STEPS,
        /** Anywhere; it holds no steps. */
        WITHOUT_STEPS,
        /** Only inside a step, and it holds none. */
        INSIDE_A_STEP,
        /** Nowhere in a run. */
        REFUSED
    }

    /**
     * A row of the table.
     *
     * @param name the EIP's key in the YAML DSL
     * @param effect whether it may change the world, so that it should stand inside a step
     * @param reason why, as a clause that can follow the name
     * @param advice what to write instead; empty where nothing is refused
     */
    public record Rule(String name, Verdict verdict, boolean effect, String reason, String advice) {}

    private static final String STATE = "decides by state outside the run, which a replay does not find again";
    private static final String STEP_ADVICE = "Put it inside a step, or into the kamelet that makes the call";

    private static final Map<String, Rule> RULES = new LinkedHashMap<>();

    static {
        withSteps("step", "is the unit that is recorded");
        withSteps("split", "numbers its parts, so each step in it has a key");
        withSteps("loop", "numbers its rounds, so each step in it has a key");
        withSteps("multicast", "numbers its branches, so each step in it has a key");
        withSteps("recipientList", "numbers its recipients, so each step behind it has a key");
        withSteps("choice", "decides again from restored data");
        withSteps("when", "decides again from restored data");
        withSteps("otherwise", "decides again from restored data");
        withSteps("filter", "decides again from restored data");
        withSteps("doTry", "meets the same failure again at replay");
        withSteps("doCatch", "meets the same failure again at replay");
        withSteps("doFinally", "runs again at replay");
        withSteps("saga", "keeps its compensations in the store");
        withSteps("pipeline", "calls one after the other");
        withSteps("onException", "has a scope of its own");
        withSteps("onCompletion", "has a scope of its own");
        withSteps("to", "calls; steps may stand in a direct: route of the same file");
        withSteps("toD", "calls; the component is written out");

        String pure = "changes the message only";
        for (String name : new String[] {
            "setBody",
            "setHeader",
            "setHeaders",
            "setProperty",
            "setVariable",
            "setVariables",
            "setExchangePattern",
            "removeHeader",
            "removeHeaders",
            "removeProperty",
            "removeProperties",
            "removeVariable",
            "convertBodyTo",
            "convertHeaderTo",
            "convertVariableTo",
            "transform",
            "transformDataType",
            "marshal",
            "unmarshal",
            "sort",
            "tokenizer",
            "claimCheck"
        }) {
            plain(name, false, pure);
        }
        plain("log", false, "writes a line, again at each replay");
        plain("validate", false, "decides again from restored data");
        plain("stop", false, "ends the route");
        plain("throwException", false, "fails, again at each replay");
        plain("rollback", false, "fails, again at each replay");
        plain("kamelet", true, "makes a call, again at each replay");
        plain("bean", true, "runs code, of a bean that the policy names, again at each replay");
        plain("process", true, "runs code, of a bean that the policy names, again at each replay");
        plain("intercept", false, "applies around nodes that are recorded themselves");
        plain("interceptFrom", false, "applies before a run begins");
        plain("interceptSendToEndpoint", false, "applies around calls that are recorded by their step");

        insideStep("circuitBreaker", STATE, STEP_ADVICE);
        insideStep("onFallback", STATE, STEP_ADVICE);
        insideStep("throttle", STATE, STEP_ADVICE);
        insideStep("loadBalance", STATE, STEP_ADVICE);
        insideStep("idempotentConsumer", STATE, STEP_ADVICE);
        insideStep("sample", STATE, STEP_ADVICE);
        insideStep("delay", "waits in memory and again at each replay", "Wait with 'to: await:sleep?for=…'");
        insideStep(
                "wireTap",
                "goes on without the run, which neither waits for it nor records it",
                "Start a child run with 'to: orchestration:NAME' in a step, or put it inside a step");
        insideStep("enrich", "calls, again at each replay", "Put it inside a step");
        insideStep("pollEnrich", "takes a message, another one at each replay", "Put it inside a step");
        insideStep("poll", "takes a message, another one at each replay", "Put it inside a step");
        insideStep("dynamicRouter", "asks for the next address until there is none", "Write a loop with a choice");
        insideStep("routingSlip", "calls a list of addresses without numbering them", "Write a recipientList");
        insideStep("threads", "hands the exchange to a pool that the run does not know", "Use parallelProcessing");
        insideStep("policy", "surrounds its content by state outside the run", STEP_ADVICE);
        insideStep("transacted", "a transaction cannot span recorded steps", STEP_ADVICE);

        refused(
                "aggregate",
                "ends the exchange and goes on with another one, for which no run waits",
                "Use an aggregationStrategy on the split, or aggregate between runs, in a trigger route");
        refused(
                "resequence",
                "ends the exchange and goes on with another one, for which no run waits",
                "Sort in a trigger route, before the run begins");
        refused("script", "runs code", "Shape data with jq or jslt, or call a service");
        refused(
                "serviceCall",
                "knows nothing of breakers, keys and verdicts",
                "Call with 'to: kamelet:call' in a step");
        refused("resumable", "keeps an offset outside the run", "Let the run's own journal say where to go on");
        refused("pausable", "holds a consumer, and a run has none", "Wait with 'to: await:NAME'");
    }

    private EipRules() {}

    /** All rows by name, in the order of the documentation; unmodifiable. */
    public static Map<String, Rule> all() {
        return Collections.unmodifiableMap(RULES);
    }

    /** The row of an EIP, or null if the DSL has none of this name. */
    public static @Nullable Rule of(String name) {
        return RULES.get(name);
    }

    private static void withSteps(String name, String reason) {
        RULES.put(name, new Rule(name, Verdict.WITH_STEPS, false, reason, ""));
    }

    private static void plain(String name, boolean effect, String reason) {
        RULES.put(name, new Rule(name, Verdict.WITHOUT_STEPS, effect, reason, effect ? "Put it inside a step" : ""));
    }

    private static void insideStep(String name, String reason, String advice) {
        RULES.put(name, new Rule(name, Verdict.INSIDE_A_STEP, true, reason, advice));
    }

    private static void refused(String name, String reason, String advice) {
        RULES.put(name, new Rule(name, Verdict.REFUSED, true, reason, advice));
    }
}
