package dev.segno.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** S21: who holds the token of one wait can end that wait, and nothing else. */
class WaitTokensTest {

    private static final StepKey APPROVAL = new StepKey("approval");

    private final WaitTokens tokens = new WaitTokens(secret(1));

    private static byte[] secret(int seed) {
        byte[] secret = new byte[WaitTokens.SECRET_BYTES];
        new Random(seed).nextBytes(secret);
        return secret;
    }

    @Test
    void isTheSameAfterARestart() {
        String token = tokens.of("run", APPROVAL);

        assertThat(new WaitTokens(secret(1)).matches(token, "run", APPROVAL)).isTrue();
        assertThat(WaitTokens.runOf(token)).hasValue("run");
    }

    @Test
    void fitsOneWaitOfOneRunAndOneSecret() {
        String token = tokens.of("run", APPROVAL);

        assertThat(tokens.matches(token, "other", APPROVAL)).isFalse();
        assertThat(tokens.matches(token, "run", new StepKey("rounds[1]/approval")))
                .isFalse();
        assertThat(new WaitTokens(secret(2)).matches(token, "run", APPROVAL)).isFalse();
    }

    @Test
    void noGuessIsRight() {
        String token = tokens.of("run", APPROVAL);
        for (int i = 0; i < token.length(); i++) {
            char other = token.charAt(i) == 'A' ? 'B' : 'A';
            String guess = token.substring(0, i) + other + token.substring(i + 1);
            assertThat(tokens.matches(guess, "run", APPROVAL)).as(guess).isFalse();
        }
        assertThat(tokens.matches("", "run", APPROVAL)).isFalse();
        assertThat(WaitTokens.runOf("no-dot")).isEmpty();
        assertThat(WaitTokens.runOf(".x")).isEmpty();
    }

    @Test
    void aShortSecretIsRefused() {
        assertThatThrownBy(() -> new WaitTokens(new byte[WaitTokens.SECRET_BYTES - 1]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least 32");
    }
}
