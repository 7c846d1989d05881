package dev.segno.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FailpointsTest {

    @Test
    void aPointStrikesOnceAtTheAskedPass() {
        Failpoints points = Failpoints.parse("a.b:2, c:1");
        assertThat(points.strikes("a.b")).isFalse();
        assertThat(points.strikes("a.b")).isTrue();
        assertThat(points.strikes("a.b")).isFalse();
        assertThat(points.strikes("c")).isTrue();
        assertThat(points.strikes("other")).isFalse();
        assertThat(Failpoints.NONE.strikes("c")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a:", "a:0", "a:x", ":1", "a:1,,b:2"})
    void anotherFormIsRefused(String text) {
        assertThatThrownBy(() -> Failpoints.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(Failpoints.SETTING);
    }
}
