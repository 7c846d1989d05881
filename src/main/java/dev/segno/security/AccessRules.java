package dev.segno.security;

import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;

/** What the described operations ask of their callers. */
public interface AccessRules {

    /** Nothing is described. */
    AccessRules NONE = ctx -> Optional.empty();

    /**
     * The rule for the operation that a request is for, or that it nearly names. Called once per request, before
     * anything else looks at it, on its event loop.
     *
     * @return the rule, or empty when no described operation is meant
     */
    Optional<Rule> ruleFor(RoutingContext ctx);

    /**
     * What an operation asks.
     *
     * @param open whether anybody may call it
     * @param schemes the ways in which one of its own keys may be shown
     */
    record Rule(boolean open, List<KeyScheme> schemes) {

        public Rule {
            schemes = List.copyOf(schemes);
        }

        /** Whether it has no keys of its own, so that the server's keys count. */
        boolean isServers() {
            return !open && schemes.isEmpty();
        }
    }
}
