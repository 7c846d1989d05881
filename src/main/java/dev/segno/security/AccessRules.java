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
     * @param role the role that callers need
     * @param peer whether {@link Role#PEER} will do as well
     */
    record Rule(boolean open, List<KeyScheme> schemes, Role role, boolean peer) {

        /** What is asked where nothing is described. */
        public static final Rule UNDESCRIBED = new Rule(false, List.of(), Role.OPERATOR, false);

        public Rule {
            schemes = List.copyOf(schemes);
            if (role == Role.PEER) {
                throw new IllegalArgumentException("peers may call what an operation opens to them, none needs one");
            }
        }

        /** Whether a caller of a role may call it. */
        public boolean admits(Role other) {
            return other == Role.PEER ? peer : other.includes(role);
        }
    }
}
