package dev.segno.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.segno.run.StoreUnavailable;
import dev.segno.shopping.KeyedRequest;
import dev.segno.shopping.Session;
import dev.segno.shopping.SessionEvent;
import dev.segno.shopping.SessionStore;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteSessionsTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration DAY = Duration.ofHours(24);

    @TempDir
    private Path directory;

    private SqliteRunStore store;
    private SessionStore sessions;

    @BeforeEach
    void open() {
        store = SqliteRunStore.open(directory);
        sessions = store.sessions();
    }

    @AfterEach
    void close() {
        store.close();
    }

    private static Session session(String id, String user, Instant at) {
        ObjectNode document = JsonNodeFactory.instance.objectNode().put("state", "INITIAL");
        return new Session(id, user, "owner", document, at, at, at.plus(DAY));
    }

    private static SessionEvent event(String session, String text) {
        return new SessionEvent(session, 0, "progress", JsonNodeFactory.instance.textNode(text), NOW);
    }

    private void save(Session session) {
        sessions.write(transaction -> {
                    transaction.save(session);
                    return true;
                })
                .join();
    }

    @Test
    void aSessionComesBackAsItWas() {
        save(session("s", "u", NOW));

        Session found = sessions.find("s").orElseThrow();

        assertThat(found).isEqualTo(session("s", "u", NOW));
        assertThat(sessions.find("t")).isEmpty();
    }

    @Test
    void theSessionsOfAUserAreThoseWhoseTimeIsNotOverTheNewestFirst() {
        save(session("old", "u", NOW.minus(DAY)));
        save(session("first", "u", NOW));
        save(session("second", "u", NOW.plusSeconds(1)));
        save(session("other", "v", NOW));

        assertThat(sessions.ofUser("u", "owner", NOW, 10))
                .extracting(Session::id)
                .containsExactly("second", "first");
        assertThat(sessions.ofUser("u", "owner", NOW, 1))
                .extracting(Session::id)
                .containsExactly("second");
    }

    @Test
    void eventsAreNumberedInTheirSessionAndKnownByTheirOrigin() {
        sessions.write(transaction -> transaction.append("s", "step-1", List.of(event("s", "a"), event("s", "b"))))
                .join();
        sessions.write(transaction -> transaction.append("t", "step-1", List.of(event("t", "x"))))
                .join();
        List<SessionEvent> third = sessions.write(
                        transaction -> transaction.append("s", "step-2", List.of(event("s", "c"))))
                .join();

        assertThat(third).extracting(SessionEvent::sequence).containsExactly(3L);
        assertThat(sessions.events("s", 1, 10))
                .extracting(event -> event.data().asText())
                .containsExactly("b", "c");
        assertThat(sessions.events("s", 0, 1)).hasSize(1);
        assertThat(sessions.write(transaction -> transaction.hasEvents("s", "step-2"))
                        .join())
                .isTrue();
        assertThat(sessions.write(transaction -> transaction.hasEvents("s", "step-3"))
                        .join())
                .isFalse();
    }

    @Test
    void whatIsOverIsForgottenWithAllThatBelongsToIt() {
        save(session("s", "u", NOW.minus(DAY)));
        save(session("t", "u", NOW));
        KeyedRequest request = new KeyedRequest("u/k", "s", "f", null, null, NOW);
        sessions.write(transaction -> {
                    transaction.append("s", "step", List.of(event("s", "a")));
                    transaction.save(request);
                    return true;
                })
                .join();
        assertThat(sessions.keyed("u/k")).contains(request);

        sessions.write(transaction -> {
                    transaction.forget(NOW);
                    return true;
                })
                .join();

        assertThat(sessions.find("s")).isEmpty();
        assertThat(sessions.events("s", 0, 10)).isEmpty();
        assertThat(sessions.keyed("u/k")).isEmpty();
        assertThat(sessions.find("t")).isPresent();
    }

    @Test
    void workThatRefusesWritesNothingAndTheNextOneGoesOn() {
        assertThatThrownBy(() -> sessions.write(transaction -> {
                            throw new IllegalArgumentException("no");
                        })
                        .join())
                .hasRootCauseInstanceOf(IllegalArgumentException.class);
        assertThat(sessions.write(transaction -> transaction.find("s")).join()).isEqualTo(Optional.empty());
    }

    @Test
    void aDamagedSessionIsSaidToBeOne() throws Exception {
        save(session("s", "u", NOW));
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("segno.db"));
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("UPDATE shopping_session SET user_id = 'w'");
        }
        assertThatThrownBy(() -> sessions.find("s"))
                .isInstanceOf(StoreUnavailable.class)
                .hasMessageContaining("wrong checksum of the session");
        assertThat(sessions.ofUser("w", "owner", NOW, 10)).isEmpty();
    }
}
