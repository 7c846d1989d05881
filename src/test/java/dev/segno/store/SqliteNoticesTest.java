package dev.segno.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segno.notice.Notice;
import dev.segno.notice.Notice.Status;
import dev.segno.spec.Sample;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The log of notices on SQLite: one entry for each message, which stays sent, and how long it is kept. */
class SqliteNoticesTest {

    private static final Instant NOON = Sample.NOON;
    private static final Duration YEAR = Duration.ofDays(365);

    private Path directory;
    private SqliteRunStore store;

    @BeforeEach
    void openFirst(@TempDir Path temporary) {
        directory = temporary.resolve("data");
        store = SqliteRunStore.open(directory);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private Notice record(String key, Status status, int attempts, Instant at) {
        Notice notice = new Notice(
                0,
                key,
                "BKG-1",
                "email",
                "reminder",
                status,
                attempts,
                new Notice.Recipient("Ada", null, "ada@example.com"),
                "text of " + key,
                null,
                null,
                at);
        return store.notices().record(notice, at.minus(YEAR)).join();
    }

    @Test
    void aNoticeThatWasSentStaysSoOverARestart() {
        record("a", Status.PENDING, 1, NOON);
        Notice sent = record("a", Status.SENT, 2, NOON.plusSeconds(1));
        assertThat(sent.status()).isEqualTo(Status.SENT);
        store.close();
        store = SqliteRunStore.open(directory);

        assertThat(record("a", Status.PENDING, 1, NOON.plusSeconds(2))).isEqualTo(sent);
        assertThat(store.notices().newest(Optional.of("BKG-1"), 10)).containsExactly(sent);
    }

    @Test
    void noticesAreKeptForTheirTimeAndForgottenBehindIt() {
        for (int old = 0; old < 30; old++) {
            record("old-" + old, Status.SENT, 1, NOON);
        }
        record("later", Status.FAILED, 3, NOON.plusSeconds(1));

        record("last-day", Status.SENT, 1, NOON.plus(YEAR));
        assertThat(store.notices().newest(Optional.empty(), 100)).hasSize(32);

        record("new", Status.SENT, 1, NOON.plus(YEAR).plusSeconds(1));
        record("newer", Status.SENT, 1, NOON.plus(YEAR).plusSeconds(1));

        assertThat(store.notices().newest(Optional.empty(), 100))
                .extracting(Notice::key)
                .as("some with each that is written, the oldest first")
                .containsExactly("newer", "new", "last-day", "later");
    }
}
