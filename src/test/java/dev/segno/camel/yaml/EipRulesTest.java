package dev.segno.camel.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EipRulesTest {

    @Test
    void hasARowForEveryEipOfCamelsSchema() {
        Set<String> eips = new HashSet<>();
        CamelSchema.get()
                .part("/items/definitions/org.apache.camel.model.ProcessorDefinition/properties")
                .fieldNames()
                .forEachRemaining(eips::add);

        assertThat(eips).hasSizeGreaterThan(60);
        assertThat(EipRules.all().keySet()).containsAll(eips);
    }

    @Test
    void saysWhyAndWhatToDoInstead() {
        assertThat(EipRules.all().values()).allSatisfy(rule -> {
            assertThat(rule.reason()).isNotBlank().doesNotEndWith(".");
            boolean refused =
                    rule.verdict() == EipRules.Verdict.REFUSED || rule.verdict() == EipRules.Verdict.INSIDE_A_STEP;
            if (refused) {
                assertThat(rule.advice()).isNotBlank().doesNotEndWith(".");
            }
        });
    }
}
