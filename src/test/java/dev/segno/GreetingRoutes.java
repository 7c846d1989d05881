package dev.segno;

/** Route files for tests that edit them. */
final class GreetingRoutes {

    private GreetingRoutes() {}

    /** A file with an orchestration that answers the same each time, and a door for it at {@code POST /NAME}. */
    static String text(String name, String answer) {
        return """
            - route:
                id: %1$s
                from:
                  uri: orchestration:%1$s
                  steps:
                    - setBody:
                        constant: "%2$s"
            - route:
                id: %1$s-http
                from:
                  uri: platform-http:/%1$s
                  parameters:
                    httpMethodRestrict: POST
                  steps:
                    - to: orchestration:%1$s?mode=sync
            """.formatted(name, answer);
    }
}
