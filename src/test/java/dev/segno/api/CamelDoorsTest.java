package dev.segno.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segno.control.SettingsException;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.platform.http.PlatformHttpComponent;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServer;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServerConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What Camel brings to upload, send and download over HTTP, as its own main class would switch it on. */
class CamelDoorsTest {

    /** Switches something on. */
    @FunctionalInterface
    interface Door {
        void open(CamelContext camel) throws Exception;
    }

    static Stream<Arguments> doors() {
        return Stream.of(
                Arguments.of("/q/upload", (Door) camel -> VertxPlatformHttpRouter.lookup(
                                camel, VertxPlatformHttpRouter.PLATFORM_HTTP_ROUTER_NAME_ZERO)
                        .route("/q/upload/:name")
                        .handler(ctx -> ctx.end("uploaded"))),
                Arguments.of("/q/send", (Door) camel -> {
                    camel.start();
                    camel.getEndpoint("platform-http:/q/send")
                            .createConsumer(exchange -> {})
                            .start();
                }),
                Arguments.of(
                        "/q/download", (Door) camel -> camel.getComponent("platform-http", PlatformHttpComponent.class)
                                .addHttpManagementEndpoint("/q/download", "GET", null, null, null)),
                Arguments.of("an HTTP server of Camel's own", (Door) camel -> {
                    VertxPlatformHttpServerConfiguration other = new VertxPlatformHttpServerConfiguration();
                    other.setBindPort(0);
                    camel.addService(new VertxPlatformHttpServer(other), true, false);
                }),
                Arguments.of("developer console", (Door) camel -> camel.setDevConsole(true)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("doors")
    void S7_theServerDoesNotListenWhereCamelWouldAnswerByItself(String what, Door door) {
        assertThatThrownBy(() -> TestServer.start(new RouteBuilder() {
                    @Override
                    public void configure() throws Exception {
                        from("platform-http:/route").setBody(constant("a route"));
                        door.open(getContext());
                    }
                }))
                .isInstanceOf(SettingsException.class)
                .hasMessageStartingWith("refusing to listen: ")
                .hasMessageContaining(what)
                .hasMessageNotContaining("/route");
    }

    @Test
    void S7_whatRoutesDeclareIsServed() throws Exception {
        try (TestServer server = TestServer.start(new RouteBuilder() {
            @Override
            public void configure() {
                from("platform-http:/route/{name}?matchOnUriPrefix=true").setBody(constant("a route"));
            }
        })) {
            assertThat(server.get("/route/1").body()).isEqualTo("a route");
            for (String path : new String[] {"/q/upload/x", "/q/send", "/q/download/x", "/q/dev", "/q/health"}) {
                assertThat(server.get(path).statusCode()).as(path).isEqualTo(404);
            }
        }
    }
}
