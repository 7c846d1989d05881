package dev.segno.camel.javadsl;

import java.io.IOException;
import org.apache.camel.builder.RouteBuilder;

/** Classes for the jars of tests. */
public final class JavaRouteClasses {

    private JavaRouteClasses() {}

    /** Steps in a split, a loop, a clause, a handler and a sub-route. */
    public static final class Orders extends RouteBuilder {
        @Override
        public void configure() {
            onException(IllegalStateException.class).handled(true).step("tell").to("effect:tell");
            from("orchestration:sync")
                    .routeId("sync")
                    .split(body())
                    .id("lines")
                    .step("price")
                    .to("effect:price")
                    .end()
                    .end()
                    .doTry()
                    .step("book")
                    .to("effect:book")
                    .endDoTry()
                    .doCatch(IOException.class)
                    .step("post")
                    .to("effect:post")
                    .end()
                    .end()
                    .loop(2)
                    .id("rounds")
                    .to("direct:round")
                    .end()
                    .step("last")
                    .to("effect:last");
            from("direct:round").routeId("round").step("turn").to("effect:turn");
        }
    }

    /** The same orchestration as {@link Saga}, edited. */
    public static final class Edited extends RouteBuilder {
        @Override
        public void configure() {
            from("orchestration:sync").routeId("sync").step("other").to("effect:other");
        }
    }

    /** A saga that is undone, in reverse order. */
    public static final class Saga extends RouteBuilder {
        @Override
        public void configure() {
            from("orchestration:sync?onFailure=compensate")
                    .routeId("sync")
                    .saga()
                    .compensation("direct:undo")
                    .option("seat", simple("${body}"))
                    .step("reserve")
                    .to("effect:reserve")
                    .end()
                    .step("pay")
                    .to("effect:pay")
                    .end()
                    .end();
            from("direct:undo").routeId("undo").step("release").to("effect:release");
        }
    }

    /** Waits for a signal. */
    public static final class Approval extends RouteBuilder {
        @Override
        public void configure() {
            from("orchestration:sync")
                    .routeId("sync")
                    .step("ask")
                    .to("effect:ask")
                    .end()
                    .to("await:approved?timeout=1d")
                    .id("approval")
                    .step("send")
                    .to("effect:send");
        }
    }

    /** Waits for a signal in the middle of shaping a text. */
    public static final class Confirmation extends RouteBuilder {
        @Override
        public void configure() {
            from("orchestration:confirm")
                    .routeId("confirm")
                    .step("remember")
                    .setVariable("order")
                    .jq(".order")
                    .end()
                    .to("await:confirmed?timeout=1d")
                    .id("confirmed")
                    .setBody(simple("${variable.order} is confirmed"));
        }
    }

    /** The same orchestration, edited. */
    public static final class OtherConfirmation extends RouteBuilder {
        @Override
        public void configure() {
            from("orchestration:confirm")
                    .routeId("confirm")
                    .step("remember")
                    .setVariable("order")
                    .jq(".order")
                    .end()
                    .setBody(simple("${variable.order} needs no confirmation"));
        }
    }

    /** Fails when it is asked. */
    public static final class Failing extends RouteBuilder {
        @Override
        public void configure() {
            throw new IllegalArgumentException("no such shop");
        }
    }

    /** Fails when a test wants it to. */
    public static final class Late extends RouteBuilder {

        /** System property. */
        public static final String FAILS = "segno.test.late";

        @Override
        public void configure() {
            if (Boolean.getBoolean(FAILS)) {
                throw new IllegalStateException("too late");
            }
            from("orchestration:late").routeId("late").setBody(constant("in time"));
        }
    }

    /** Has nothing to say. */
    public static final class Silent extends RouteBuilder {
        @Override
        public void configure() {}
    }

    /** Cannot be made. */
    public static final class Closed extends RouteBuilder {
        private Closed() {}

        @Override
        public void configure() {}
    }
}
