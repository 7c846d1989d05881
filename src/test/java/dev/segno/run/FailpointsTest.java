package dev.segno.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FailpointsTest {

    @Test
    void aPointStrikesOnceAtTheAskedPass() {
        Failpoints points = Failpoints.parse("step.after-effect:2, run.after-start:1");
        assertThat(points.strikes(Failpoint.STEP_AFTER_EFFECT)).isFalse();
        assertThat(points.strikes(Failpoint.STEP_AFTER_EFFECT)).isTrue();
        assertThat(points.strikes(Failpoint.STEP_AFTER_EFFECT)).isFalse();
        assertThat(points.strikes(Failpoint.RUN_AFTER_START)).isTrue();
        assertThat(points.strikes(Failpoint.STEP_BEFORE_EFFECT)).isFalse();
        assertThat(Failpoints.NONE.strikes(Failpoint.RUN_AFTER_START)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "run.after-start",
                "run.after-start:",
                "run.after-start:0",
                "run.after-start:x",
                ":1",
                "run.after-start:1,,step.before-effect:2",
                "unknown:1"
            })
    void anotherFormIsRefused(String text) {
        assertThatThrownBy(() -> Failpoints.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(Failpoints.SETTING);
    }
}
