package dev.segno;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import dev.segno.browser.Chromium;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Swagger UI and ReDoc in a real browser. */
class ApiPagesBrowserTest {

    @TempDir
    private Path directory;

    @Test
    void bothPagesShowTheDocumentAndLoadNothingFromElsewhere() throws Exception {
        try (ApiNode node = new ApiNode(directory);
                Chromium chromium = new Chromium()) {
            String origin = "http://127.0.0.1:" + node.application().port();
            List<String> faults = new ArrayList<>();
            List<String> foreign = new ArrayList<>();
            try (Page page = chromium.browser()
                    .newPage(new Browser.NewPageOptions().setExtraHTTPHeaders(Map.of("X-Api-Key", "viewer-key")))) {
                page.onConsoleMessage(message -> {
                    if (message.type().equals("error")) {
                        faults.add(message.text());
                    }
                });
                page.onPageError(faults::add);
                page.onResponse(response -> {
                    if (!response.url().startsWith(origin) && !response.url().startsWith("data:")) {
                        foreign.add(response.url());
                    }
                });
                page.navigate(origin + "/docs");
                page.waitForSelector("#operations-runs-startRun");
                page.click("#operations-runs-startRun");
                page.waitForSelector("text=Idempotency-Key");
                assertThat(page.locator(".opblock").count()).isGreaterThan(40);
                page.screenshot(new Page.ScreenshotOptions().setPath(Path.of("target/browser/docs.png")));

                page.navigate(origin + "/redoc");
                page.waitForSelector("h1:has-text('Segno')");
                page.waitForSelector("h2:has-text('Start a run')");
                page.screenshot(new Page.ScreenshotOptions().setPath(Path.of("target/browser/redoc.png")));
            }
            // ReDoc would show its maker's mark from elsewhere; the page's policy does not let it.
            assertThat(faults).allMatch(fault -> fault.contains("/redoc/logo-mini.svg"));
            assertThat(foreign).isEmpty();
        }
    }
}
