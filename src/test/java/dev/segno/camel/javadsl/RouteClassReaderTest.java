package dev.segno.camel.javadsl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segno.camel.yaml.CheckSettings;
import dev.segno.camel.yaml.CheckedRouteFile;
import dev.segno.camel.yaml.Policy;
import dev.segno.camel.yaml.Problem;
import dev.segno.camel.yaml.RouteFileChecker;
import dev.segno.camel.yaml.SchemaPasses;
import dev.segno.camel.yaml.YamlNode;
import dev.segno.camel.yaml.YamlScalar;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.camel.LoggingLevel;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.builder.RouteConfigurationBuilder;
import org.apache.camel.model.dataformat.JsonLibrary;
import org.apache.camel.processor.aggregate.GroupedBodyAggregationStrategy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What classes of the Java DSL say, as text; and what they may not say. */
class RouteClassReaderTest {

    private static final YamlShape SHAPE = YamlShape.load();

    private static CheckedRouteFile read(RouteBuilder builder) {
        CheckSettings settings =
                CheckSettings.DEFAULT.withPolicy(Policy.DEFAULT.forTests().withComponents(Set.of("effect")));
        return new RouteClassReader(SHAPE, settings, SchemaPasses.NONE).read("lib/a.jar!com.example.Orders", builder);
    }

    private static RouteBuilder builder(Consumer<RouteBuilder> configure) {
        return new RouteBuilder() {
            @Override
            public void configure() {
                configure.accept(this);
            }
        };
    }

    private static String canonical(String text) {
        CheckedRouteFile checked = RouteFileChecker.check("a/orders.camel.yaml", text, CheckSettings.DEFAULT);
        return Objects.requireNonNull(checked.file()).canonical();
    }

    private static String text(RouteBuilder builder) {
        CheckedRouteFile checked = read(builder);
        assertThat(checked.problems()).isEmpty();
        return Objects.requireNonNull(checked.file()).canonical();
    }

    @Test
    void saysWhatAFileWouldSay() {
        String text = text(new RouteBuilder() {
            @Override
            public void configure() {
                onException(IOException.class, IllegalStateException.class)
                        .handled(true)
                        .maximumRedeliveries(2)
                        .redeliveryDelay(5)
                        .step("tell")
                        .to("effect:tell")
                        .end();
                from("orchestration:orders?singleton=true")
                        .routeId("orders")
                        .routeDescription("Price the lines of an order")
                        .routeConfigurationId("durable")
                        .setVariable("lines")
                        .jq(".lines")
                        .setHeaders("one", constant("1"), "two", simple("${body}"))
                        .split(variable("lines"))
                        .parallelProcessing()
                        .aggregationStrategy("collectBodies")
                        .id("lines")
                        .step("price")
                        .to("kamelet:call?service=prices&path=/price")
                        .end()
                        .end()
                        .choice()
                        .when(simple("${body} > 5"))
                        .step("much")
                        .to("effect:much")
                        .endChoice()
                        .when()
                        .jq(".a")
                        .setBody(constant(5))
                        .otherwise()
                        .setBody(simple("${body}", Integer.class))
                        .end()
                        .doTry()
                        .step("book")
                        .toD("effect:book-${body}")
                        .endDoTry()
                        .doCatch(IOException.class)
                        .to("direct:post")
                        .doFinally()
                        .log(LoggingLevel.WARN, "over")
                        .end()
                        .loop(3)
                        .id("rounds")
                        .to("direct:post")
                        .end()
                        .to("direct:reserve")
                        .marshal()
                        .json(JsonLibrary.Jackson)
                        .throwException(IllegalStateException.class, "no");
                from("direct:post").routeId("post").setBody(header("x")).removeHeaders("a*");
                from("direct:reserve")
                        .routeId("reserve")
                        .saga()
                        .compensation("direct:undo")
                        .option("key", body())
                        .step("reserve")
                        .to("effect:reserve");
                from("direct:undo").routeId("undo").step("undo").to("effect:undo");
            }
        });

        assertThat(text).isEqualTo(canonical("""
                - onException:
                    exception: [java.io.IOException, java.lang.IllegalStateException]
                    handled: {constant: "true"}
                    redeliveryPolicy: {maximumRedeliveries: 2, redeliveryDelay: "5"}
                    steps:
                      - step: {id: tell, steps: [{to: "effect:tell"}]}
                - route:
                    id: orders
                    description: Price the lines of an order
                    routeConfigurationId: durable
                    from:
                      uri: orchestration:orders?singleton=true
                      steps:
                        - setVariable: {name: lines, jq: .lines}
                        - setHeaders:
                            headers:
                              - {name: one, constant: "1"}
                              - {name: two, simple: "${body}"}
                        - split:
                            id: lines
                            variable: lines
                            parallelProcessing: true
                            aggregationStrategy: collectBodies
                            steps:
                              - step: {id: price, steps: [{to: "kamelet:call?service=prices&path=/price"}]}
                        - choice:
                            when:
                              - simple: "${body} > 5"
                                steps:
                                  - step: {id: much, steps: [{to: "effect:much"}]}
                              - jq: .a
                                steps:
                                  - setBody: {constant: {expression: "5", resultType: java.lang.Integer}}
                            otherwise:
                              steps:
                                - setBody: {simple: {expression: "${body}", resultType: java.lang.Integer}}
                        - doTry:
                            steps:
                              - step: {id: book, steps: [{toD: "effect:book-${body}"}]}
                            doCatch:
                              - exception: [java.io.IOException]
                                steps:
                                  - to: direct:post
                            doFinally:
                              steps:
                                - log: {loggingLevel: WARN, message: over}
                        - loop:
                            id: rounds
                            constant: "3"
                            steps:
                              - to: direct:post
                        - to: direct:reserve
                        - marshal: {json: {}}
                        - throwException: {exceptionType: java.lang.IllegalStateException, message: "no"}
                - route:
                    id: post
                    from:
                      uri: direct:post
                      steps:
                        - setBody: {header: x}
                        - removeHeaders: {pattern: "a*"}
                - route:
                    id: reserve
                    from:
                      uri: direct:reserve
                      steps:
                        - saga:
                            compensation: direct:undo
                            option:
                              - {key: key, simple: "${body}"}
                            steps:
                              - step: {id: reserve, steps: [{to: "effect:reserve"}]}
                - route:
                    id: undo
                    from:
                      uri: direct:undo
                      steps:
                        - step: {id: undo, steps: [{to: "effect:undo"}]}
                """));
    }

    @Test
    void saysRouteConfigurationsAndErrorHandlers() {
        assertThat(text(new RouteConfigurationBuilder() {
                    @Override
                    public void configuration() {
                        routeConfiguration("twice")
                                .errorHandler(defaultErrorHandler().maximumRedeliveries(1))
                                .onException(IOException.class)
                                .maximumRedeliveries(1)
                                .handled(false)
                                .log("told");
                    }
                }))
                .isEqualTo(canonical("""
                        - routeConfiguration:
                            id: twice
                            errorHandler:
                              defaultErrorHandler:
                                redeliveryPolicy: {maximumRedeliveries: 1}
                            onException:
                              - onException:
                                  exception: [java.io.IOException]
                                  handled: {constant: "false"}
                                  redeliveryPolicy: {maximumRedeliveries: 1}
                                  steps:
                                    - log: {message: told}
                        """));
        assertThat(text(new RouteBuilder() {
                    @Override
                    public void configure() {
                        errorHandler(
                                defaultErrorHandler().maximumRedeliveries(3).redeliveryDelay(10));
                        interceptFrom().log("in");
                        onCompletion().onCompleteOnly().log("end");
                        from("orchestration:a").step("b").to("effect:b");
                        from("timer:t?period=1000")
                                .autoStartup(false)
                                .aggregate(constant("all"))
                                .aggregationStrategy("collectBodies")
                                .aggregationRepository("#segnoAggregation")
                                .completionSize(10)
                                .to("orchestration:a");
                    }
                }))
                .isEqualTo(canonical("""
                        - errorHandler:
                            defaultErrorHandler:
                              redeliveryPolicy: {maximumRedeliveries: 3, redeliveryDelay: "10"}
                        - onCompletion:
                            onCompleteOnly: true
                            onFailureOnly: false
                            steps:
                              - log: {message: end}
                        - interceptFrom:
                            steps:
                              - log: {message: in}
                        - route:
                            from:
                              uri: orchestration:a
                              steps:
                                - step: {id: b, steps: [{to: "effect:b"}]}
                        - route:
                            autoStartup: false
                            from:
                              uri: timer:t?period=1000
                              steps:
                                - aggregate:
                                    correlationExpression: {constant: all}
                                    aggregationStrategy: collectBodies
                                    aggregationRepository: "#segnoAggregation"
                                    completionSize: 10
                                    steps:
                                      - to: orchestration:a
                        """));
    }

    @Test
    void textsStayAsTheyAre() {
        for (String odd : List.of("'true' # no: \\ \"${body}\"\n  line\n", "", "true", "1.10", " a ", "- b", "null")) {
            CheckedRouteFile checked =
                    read(builder(java -> java.from("orchestration:a").setBody(java.constant(odd))));

            assertThat(checked.problems()).isEmpty();
            YamlNode body =
                    Objects.requireNonNull(checked.file()).tree().root().at("/0/route/from/steps/0/setBody/constant");
            assertThat(body).isInstanceOfSatisfying(YamlScalar.class, scalar -> {
                assertThat(scalar.text()).isEqualTo(odd);
                assertThat(scalar.kind()).isEqualTo(YamlScalar.Kind.STRING);
            });
        }
    }

    private static Arguments row(String what, String advice, Consumer<RouteBuilder> configure) {
        return Arguments.of(what, advice, configure);
    }

    static List<Arguments> code() {
        return List.of(
                row(
                        "process 'p' in the route 'a' holds code as 'processor' (a lambda)",
                        "jq",
                        java -> java.from("orchestration:a")
                                .routeId("a")
                                .process(exchange -> exchange.getMessage().setBody("b"))
                                .id("p")),
                row(
                        "setBody in the route from 'orchestration:a' holds code as 'expression'",
                        "as text",
                        java -> java.from("orchestration:a").setBody(exchange -> "b")),
                row(
                        "filter in the route from 'orchestration:a' holds code as 'expression'",
                        "as text",
                        java -> java.from("orchestration:a")
                                .filter(java.header("x").isEqualTo(1))
                                .log("b")),
                row(
                        "split in the route from 'orchestration:a' holds code as 'aggregationStrategyBean'"
                                + " (org.apache.camel.processor.aggregate.GroupedBodyAggregationStrategy)",
                        "collectBodies",
                        java -> java.from("orchestration:a")
                                .split(java.body(), new GroupedBodyAggregationStrategy())
                                .log("b")),
                row(
                        "bean in the route from 'orchestration:a' holds code as 'bean'",
                        "call a service",
                        java -> java.from("orchestration:a").bean(new Object())),
                row(
                        "throwException in the route from 'orchestration:a' holds code as 'exception'",
                        "X.class",
                        java -> java.from("orchestration:a").throwException(new IOException("no"))),
                row(
                        "onException holds code as 'retryWhilePolicy'",
                        "as text",
                        java -> java.onException(IOException.class).retryWhile(exchange -> true)),
                row(
                        "multicast in the route from 'orchestration:a' holds code as 'onPrepareProcessor'",
                        "Leave it out",
                        java -> java.from("orchestration:a")
                                .multicast()
                                .onPrepare(exchange -> exchange.getMessage().setBody("b"))
                                .to("direct:b")),
                row(
                        "the route from 'orchestration:a' holds code as 'routePolicies'",
                        "Leave it out",
                        java -> java.from("orchestration:a")
                                .routePolicy(new org.apache.camel.support.RoutePolicySupport() {})
                                .log("b")),
                row(
                        "setBody in the route from 'orchestration:a' holds code as 'expression'",
                        "as text",
                        java -> java.from("orchestration:a").setBody().constant(List.of(1))),
                row(
                        "the class defines REST services",
                        "platform-http",
                        java -> java.rest("/orders").get().to("direct:a")),
                row("the class defines no route", "orchestration:NAME", java -> {}));
    }

    @ParameterizedTest
    @MethodSource("code")
    void refusesWhatNoOtherProcessWouldFind(String what, String advice, Consumer<RouteBuilder> configure) {
        CheckedRouteFile checked = read(builder(java -> {
            configure.accept(java);
            if (what.startsWith("onException")) {
                java.from("orchestration:a").log("b");
            }
        }));

        assertThat(checked.loadable()).isFalse();
        assertThat(checked.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.what()).startsWith(what);
            assertThat(problem.advice()).contains(advice);
            assertThat(problem.file()).isEqualTo("lib/a.jar!com.example.Orders");
        });
    }

    @Test
    void aProblemIsAtItsLineOfTheClass() {
        StackTraceElement here = new Throwable().getStackTrace()[0];
        CheckedRouteFile checked = read(builder(java -> {
            java.from("orchestration:a").step("b").to("effect:b").end().log("c").to("exec:rm");
            java.from("direct:b").process(exchange -> {});
        }));

        assertThat(checked.problems()).extracting(Problem::line).containsExactly(here.getLineNumber() + 3);
    }

    @Test
    void whatTheChecksFindIsAtItsLineOfTheClassToo() {
        StackTraceElement here = new Throwable().getStackTrace()[0];
        CheckedRouteFile checked = read(builder(java ->
                java.from("orchestration:a").step("b").to("effect:b").end().to("exec:rm")));

        assertThat(checked.errors()).singleElement().satisfies(problem -> {
            assertThat(problem.what()).contains("exec");
            assertThat(problem.line()).isEqualTo(here.getLineNumber() + 2);
        });
    }
}
