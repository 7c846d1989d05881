package dev.segno.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings, ids, and what is said where there is no server. */
class RedisAddressTest {

    private static Function<String, Optional<String>> settings(String text) {
        return name -> Arrays.stream(text.split(";", -1))
                .filter(setting ->
                        setting.startsWith(name.toUpperCase(Locale.ROOT).replace('.', '_') + '='))
                .map(setting -> setting.substring(setting.indexOf('=') + 1))
                .findFirst();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "REDIS_HOST=cache                                | redis://cache:6379           | redis://cache:6379",
                "REDIS_HOST=cache;REDIS_PORT=6400                | redis://cache:6400           | redis://cache:6400",
                "REDIS_HOST=::1                                  | redis://[::1]:6379           | redis://[::1]:6379",
                "REDIS_HOST=cache;REDIS_PASSWORD=p@ss/w          | redis://:p%40ss%2Fw@cache:6379 | redis://cache:6379",
                "SEGNO_REDIS_URL=rediss://u:p@cache/2            | rediss://u:p@cache:6379/2    | rediss://cache:6379/2",
                "SEGNO_REDIS_URL=redis://one;REDIS_HOST=two      | redis://one:6379             | redis://one:6379",
                "SEGNO_REDIS_URL=redis://one;REDIS_USERNAME=a;REDIS_PASSWORD=b | redis://a:b@one:6379 | redis://one:6379"
            })
    void theAddressComesOfTheSettingsAndIsShownWithoutCredentials(String settings, String url, String shown) {
        RedisAddress address = RedisAddress.from(settings(settings)).orElseThrow();
        assertThat(address.url()).isEqualTo(url);
        assertThat(address).hasToString(shown);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SEGNO_REDIS_URL=http://secret@cache",
                "SEGNO_REDIS_URL=redis://",
                "REDIS_HOST=two words",
                "REDIS_HOST=cache;REDIS_PORT=0",
                "REDIS_HOST=cache;REDIS_PORT=many"
            })
    void whatIsNoAddressIsToldInOneLineWithoutItsText(String settings) {
        assertThatThrownBy(() -> RedisAddress.from(settings(settings)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("REDIS_")
                .hasMessageNotContaining("secret");
    }

    @Test
    void withoutSettingsItIsOffAndSaysHowToSwitchItOn() {
        assertThat(RedisAddress.from(settings(""))).isEmpty();
        try (Redis off = Redis.off()) {
            assertThat(off.isConfigured()).isFalse();
            assertThat(off.isUp()).isFalse();
            assertThatThrownBy(() -> off.publish("events", "{}").join())
                    .hasCauseInstanceOf(RedisOff.class)
                    .hasMessageContaining("set REDIS_HOST");
        }
    }

    @Test
    void idsAreOrderedAsNumbers() {
        assertThat(EntryIds.compare("9-0", "10-0")).isNegative();
        assertThat(EntryIds.compare("10-9", "10-10")).isNegative();
        assertThat(EntryIds.compare("10-1", "10-1")).isZero();
        assertThat(EntryIds.next("10-1")).isEqualTo("10-2");
        assertThat(EntryIds.next("10-18446744073709551615")).isEqualTo("11-0");
    }
}
