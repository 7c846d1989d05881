package dev.segno.hawtio;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import dev.segno.Application;
import dev.segno.RouteLayout;
import dev.segno.browser.Chromium;
import dev.segno.control.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hawtio in a real browser: it shows the routes and a diagram, and whatever its buttons ask to change is refused. */
class HawtioBrowserTest {

    private static final Path PICTURES = Path.of("target/browser");
    private static final double PATIENCE_MILLIS = 30_000;

    private static Application application;
    private static Chromium chromium;

    @TempDir
    private static Path directory;

    @BeforeAll
    static void start() throws Exception {
        Path routes = Files.createDirectories(directory.resolve("routes/first"));
        Files.writeString(routes.resolve("greet.camel.yaml"), """
                - route:
                    id: greet
                    from:
                      uri: orchestration:greet
                      steps:
                        - choice:
                            when:
                              - simple: "${body} == 'x'"
                                steps:
                                  - step:
                                      id: say
                                      steps:
                                        - setBody:
                                            constant: hello
                            otherwise:
                              steps:
                                - step:
                                    id: be-silent
                                    steps:
                                      - log: nothing to say
                """);
        application = Application.start(
                new Application.Options(
                        RouteLayout.of(List.of(directory.resolve("routes")), Path.of("routes")),
                        "127.0.0.1",
                        0,
                        directory.resolve("data"),
                        false),
                Settings.of(Map.of("segno.hawtio", "true", "segno.routes.watch", "false")));
        chromium = new Chromium();
    }

    @AfterAll
    static void stop() {
        chromium.close();
        application.close();
    }

    /** @param complaints gets what the browser says against the policy of the pages */
    private static Page open(String path, List<String> complaints) {
        Page page = chromium.browser().newPage();
        page.onConsoleMessage(message -> {
            if (message.text().contains("Content Security Policy")) {
                complaints.add(message.text());
            }
        });
        page.setDefaultTimeout(PATIENCE_MILLIS);
        page.setViewportSize(1600, 1000);
        page.navigate("http://127.0.0.1:" + application.port() + path);
        return page;
    }

    @Test
    void showsTheRoutesAndADiagram() {
        List<String> complaints = new ArrayList<>();
        try (Page page = open("/hawtio/camel", complaints)) {
            // It begins with the diagram of all routes.
            page.locator(".react-flow__node").first().waitFor();
            page.waitForTimeout(1_000);
            page.screenshot(new Page.ScreenshotOptions().setPath(PICTURES.resolve("hawtio-diagram.png")));
            assertThat(page.locator(".react-flow__node").count()).isGreaterThan(5);

            page.getByText("Routes", new Page.GetByTextOptions().setExact(true))
                    .first()
                    .click();
            page.locator("td", new Page.LocatorOptions().setHasText("greet@"))
                    .first()
                    .waitFor();
            page.screenshot(new Page.ScreenshotOptions().setPath(PICTURES.resolve("hawtio-routes.png")));
            assertThat(page.innerText("body"))
                    .contains("greet@")
                    .contains("Started")
                    .contains("first/greet");
            assertThat(complaints).isEmpty();
        }
    }

    /** From the page itself, with all that its origin may do. */
    @Test
    void S8_whatAPageAsksToChangeIsRefused() {
        try (Page page = open("/hawtio/camel", new ArrayList<>())) {
            page.locator(".react-flow__node").first().waitFor();
            for (String request : List.of(
                    "{type: 'exec', mbean: 'org.apache.camel:context=segno,type=context,name=\"segno\"', operation: 'stop()'}",
                    "{type: 'exec', mbean: 'org.apache.camel:context=segno,type=context,name=\"segno\"',"
                            + " operation: 'sendBody(java.lang.String,java.lang.Object)', arguments: ['direct:a', 'x']}",
                    "{type: 'exec', mbean: 'com.sun.management:type=HotSpotDiagnostic',"
                            + " operation: 'dumpHeap(java.lang.String,boolean)', arguments: ['/tmp/never.hprof', true]}",
                    "{type: 'write', mbean: 'java.lang:type=Memory', attribute: 'Verbose', value: true}")) {
                Object status = page.evaluate("async () => (await fetch('/hawtio/jolokia', {method: 'POST', headers:"
                        + " {'Content-Type': 'application/json'}, body: JSON.stringify(" + request + ")})).status");
                assertThat(status).as(request).isEqualTo(403);
            }
            Object read = page.evaluate("async () => (await fetch('/hawtio/jolokia', {method: 'POST', headers:"
                    + " {'Content-Type': 'application/json'}, body: JSON.stringify({type: 'version'})})).status");
            assertThat(read).isEqualTo(200);
            assertThat(application.runtime().context().isStarted()).isTrue();
            assertThat(application.runtime().context().getRoutes()).isNotEmpty();
        }
    }
}
