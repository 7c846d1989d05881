package dev.segno.camel;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Routes on a node of their own for each test. */
abstract class RouteTest {

    RouteHarness harness;

    @BeforeEach
    void openHarness(@TempDir Path directory) {
        harness = new RouteHarness(directory);
    }

    @AfterEach
    void closeHarness() {
        harness.close();
    }
}
