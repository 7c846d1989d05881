package dev.segno.camel.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyCheckTest {

    @TempDir
    Path folder;

    @Test
    void S5_aBeanThatOpensAFileIsRefusedWithItsLineAndOpensNothing() {
        Path target = folder.resolve("owned");

        CheckedRouteFile checked = RouteFileChecker.check("x/evil.camel.yaml", evil(target), CheckSettings.DEFAULT);

        assertThat(checked.loadable()).isFalse();
        assertThat(checked.problems())
                .extracting(Problem::toString)
                .containsExactly(
                        "x/evil.camel.yaml:3:7: error: 'beans' creates objects, here by 'type'. Shape data with"
                                + " jq or jslt, call a service, or put a Java class on the class path.");
        assertThat(target).doesNotExist();
    }

    /** Without the check, parsing alone would do the harm: this is what makes the test above worth something. */
    @Test
    void S5_theSameFileHarmsAsSoonAsCamelReadsIt() throws Exception {
        Path target = folder.resolve("owned");

        try (DefaultCamelContext context = new DefaultCamelContext()) {
            context.start();
            PluginHelper.getRoutesLoader(context)
                    .loadRoutes(ResourceHelper.fromString("evil.camel.yaml", evil(target)));
        }

        assertThat(target).exists();
    }

    private static String evil(Path target) {
        return """
                - beans:
                    - name: out
                      type: java.io.FileOutputStream
                      constructors:
                        "0": "%s"
                """.formatted(target);
    }

    @Test
    void resolvesAComponentThatASettingNamesAndShowsNoValue() {
        String text = route("- to: \"{{TARGET}}/orders\"");

        assertThat(check(text, Map.of("TARGET", "https://shop.example")).errors())
                .isEmpty();
        assertThat(check(text, Map.of("TARGET", "exec:secret")).errors())
                .singleElement()
                .asString()
                .contains("the component 'exec' is not allowed")
                .doesNotContain("secret");
    }

    @Test
    void ofTheOptionsOfJdbcThoseThatMakeObjectsAreRefused() {
        assertThat(check(route("- toD: jdbc:fleet?useHeadersAsParameters=true"), Map.of())
                        .errors())
                .isEmpty();
        assertThat(check(route("- toD: jdbc:fleet?outputClass=java.io.FileOutputStream"), Map.of())
                        .errors())
                .singleElement()
                .asString()
                .contains("jdbc: does not take the option 'outputClass'");
    }

    @Test
    void showsNoSettingsValueInAFunction() {
        String text = route("- setBody: {simple: \"{{PREFIX}}{body}\"}");

        assertThat(check(text, Map.of("PREFIX", "pass${bean:word}word$")).errors())
                .singleElement()
                .asString()
                .contains("its placeholders make up a function")
                .doesNotContain("word");
    }

    @Test
    void allowsWhatTheOperatorAllows() {
        String text = route("""
                - to: netty:tcp://a
                        - bean: {ref: "#bean:tidy"}
                        - setBody: {simple: "${env.REGION}{{env:REGION}}${bean:tidy}"}
                        - to: mock:x
                        - to: file:data/inbox""");
        Policy policy = Policy.DEFAULT
                .withComponents(Set.of("netty"))
                .withBeans(Set.of("tidy"))
                .withEnvironment(Set.of("REGION"))
                .withFolders(Set.of("data"))
                .forTests();

        assertThat(RouteFileChecker.check("a/b.camel.yaml", text, CheckSettings.DEFAULT)
                        .errors())
                .hasSize(7);
        assertThat(RouteFileChecker.check("a/b.camel.yaml", text, CheckSettings.DEFAULT.withPolicy(policy))
                        .errors())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "${body}",
                "${body.orders[0].id}",
                "${header.classification}",
                "${variable.run.progress.done} / ${variable.total}",
                "${exchangeProperty.CamelLoopIndex}",
                "${exchangeId}",
                "${exception.message}",
                "${date:now:yyyy-MM-dd}",
                "${collate(20)}",
                "${bodyAs(String)}",
                "${headerAs(id, Integer)}",
                "${properties:CHUNK_SIZE:20000}",
                "${file:name}",
                "${jq(.a)}",
                "{\"a\": {\"b\": 1}}",
                "costs 5$ {net}",
                "${header.${variable.name}}"
            })
    void letsHarmlessTextsPass(String text) {
        assertThat(new SimplePolicy(Policy.DEFAULT).faults(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "${bean:x}",
                "${ref:x}",
                "${type:java.lang.System}",
                "$simple{bean:x}",
                "${ bean:x}",
                "a ${header.b} ${bean:x}",
                "${header.${bean:x}}",
                "${header.a.class}",
                "${variable.a?.getClass().getName()}",
                "${exchange.context.stop}",
                "${exchange.getContext()}",
                "${camelContext}",
                "${body.${header.method}}",
                "${be${header.an}:x}",
                "${{{FN}}:x}",
                "${env:HOME}",
                "${sysenv.HOME}",
                "${sys.user.home}",
                "${properties:sys:user.home}",
                "${properties:${header.x}}",
                "${load(file:/etc/passwd)}",
                "${mandatoryBodyAs(java.io.OutputStream)}",
                "${headerAs(x, java.io.File)}",
                "${variableAs(x, 'java.io.File')}",
                "${convertTo(java.io.File)}",
                "${convertTo(${header.x}, java.io.File)}",
                "${bean"
            })
    void S5_refusesFunctionsThatReachBeyondTheMessage(String text) {
        assertThat(new SimplePolicy(Policy.DEFAULT).faults(text)).isNotEmpty();
    }

    private static CheckedRouteFile check(String text, Map<String, String> settings) {
        return RouteFileChecker.check("a/b.camel.yaml", text, CheckSettings.DEFAULT.withSettings(settings));
    }

    private static String route(String steps) {
        return """
                - route:
                    id: a
                    from:
                      uri: orchestration:a
                      steps:
                        %s
                """.formatted(steps);
    }
}
