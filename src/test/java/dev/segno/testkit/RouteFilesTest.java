package dev.segno.testkit;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** What the test files say of the routes that come with Segno, and of those that show what the kit can do. */
class RouteFilesTest {

    @TestFactory
    Stream<DynamicNode> theRoutesThatComeWithSegno() {
        return RouteTests.in(Path.of("routes"));
    }

    @TestFactory
    Stream<DynamicNode> theRoutesOfTheKit() {
        return RouteTests.in(Path.of("src/test/resources/kit-routes"));
    }
}
