package dev.segno.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segno.store.SqliteRunStore;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Values under seal, in the store. */
class SealTest {

    private static final String VALUE = "a value that no journal may hold";

    private SqliteRunStore store;
    private Seal seal;

    @BeforeEach
    void open(@TempDir Path directory) {
        store = SqliteRunStore.open(directory);
        seal = seal('k', Clock.systemUTC());
    }

    @AfterEach
    void close() {
        store.close();
    }

    private Seal seal(char secret, Clock clock) {
        byte[] bytes = new byte[Seal.SECRET_BYTES];
        Arrays.fill(bytes, (byte) secret);
        return new Seal(store.sealedValues(), () -> bytes, clock);
    }

    @Test
    void aValueComesBackUntilItIsDropped() {
        String reference = seal.seal("order-1", VALUE).join();

        assertThat(Seal.isReference(reference)).isTrue();
        assertThat(reference).doesNotContain(VALUE);
        assertThat(seal.open(reference)).contains(VALUE);
        seal.drop(reference).join();
        assertThat(seal.open(reference)).isEmpty();
        assertThat(seal.seal("order-1", VALUE).join()).isEqualTo(reference);
        assertThat(seal.open(reference)).as("it is not kept a second time").isEmpty();
    }

    @Test
    void onlyTheSameValueInTheSameScopeHasTheSameReference() {
        String reference = seal.seal("order-1", VALUE).join();

        assertThat(seal.seal("order-1", VALUE).join()).isEqualTo(reference);
        assertThat(seal.seal("order-2", VALUE).join()).isNotEqualTo(reference);
        assertThat(seal.seal("order-1", "another").join()).isNotEqualTo(reference);
        assertThat(seal.seal(null, VALUE).join())
                .isNotEqualTo(seal.seal(null, VALUE).join());
    }

    @Test
    void anotherSecretOpensNothing() {
        String reference = seal.seal(null, VALUE).join();

        assertThatThrownBy(() -> seal('x', Clock.systemUTC()).open(reference)).hasMessageContaining("another secret");
    }

    @Test
    void whatNobodyDropsIsForgotten() {
        String reference = seal.seal(null, VALUE).join();

        seal('k', Clock.offset(Clock.systemUTC(), Seal.KEPT_FOR.plus(Duration.ofMinutes(1))))
                .seal(null, "another")
                .join();

        assertThat(seal.open(reference)).isEmpty();
    }
}
