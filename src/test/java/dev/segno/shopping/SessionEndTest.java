package dev.segno.shopping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segno.control.Settings;
import dev.segno.run.Engine;
import dev.segno.run.Orchestration;
import dev.segno.run.Orchestrations;
import dev.segno.run.SettableClock;
import dev.segno.security.ApiException;
import dev.segno.store.SqliteRunStore;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left of a session when its time is over. */
class SessionEndTest {

    private static final Duration DAY = Duration.ofHours(24);

    @TempDir
    private Path directory;

    private final SettableClock clock = new SettableClock(Instant.parse("2026-01-01T00:00:00Z"));
    private final Executor executor = Runnable::run;
    private SqliteRunStore store;
    private ShoppingAssistant assistant;

    @BeforeEach
    void open() {
        store = SqliteRunStore.open(directory);
        Engine engine = new Engine(
                store, new NoOrchestrations(), clock, (delay, task) -> {}, executor, new Random(1), () -> "r");
        assistant = new ShoppingAssistant(new ShoppingAssistant.Parts(
                store.sessions(),
                engine,
                ShoppingSettings.from(Settings.of(Map.of())),
                clock,
                () -> item -> {},
                executor));
        Session session = Session.begin("s", "u", null, clock.instant(), DAY);
        session.document().put("run_id", "r");
        store.sessions()
                .write(transaction -> {
                    transaction.save(session);
                    return true;
                })
                .join();
    }

    @AfterEach
    void close() {
        store.close();
    }

    private static final class NoOrchestrations implements Orchestrations {
        @Override
        public Optional<Orchestration> current(String name) {
            return Optional.empty();
        }

        @Override
        public Orchestration version(String name, String version) throws UnknownVersion {
            throw new UnknownVersion("There is none");
        }
    }

    private ShoppingReply perform(String operation, Map<String, String> parameters) {
        Function<String, Optional<String>> given = name -> Optional.ofNullable(parameters.get(name));
        ShoppingRequest request =
                new ShoppingRequest(Json.object(), given, Optional.empty(), Optional.of("r"), Optional.of("r/step"));
        return assistant.find(operation).orElseThrow().perform(request).join();
    }

    private int listed() {
        return perform("sessions", Map.of("user_id", "u"))
                .body()
                .path("sessions")
                .size();
    }

    @Test
    void itIsThereForADayAfterTheLastChangeAndThenUnknown() {
        clock.advance(Duration.ofHours(23));
        perform("enter", Map.of("session_id", "s", "stage", "SEARCHING"));
        clock.advance(Duration.ofHours(23));
        assertThat(assistant.session("s", null).stage()).isEqualTo(Stage.SEARCHING);
        assertThat(listed()).isEqualTo(1);

        clock.advance(Duration.ofHours(1));

        assertThatThrownBy(() -> assistant.session("s", null))
                .isInstanceOfSatisfying(
                        ApiException.class,
                        refusal -> assertThat(refusal.error().status()).isEqualTo(404));
        assertThat(listed()).isZero();
    }

    @Test
    void thatNobodyAnsweredInTimeIsNotedAndDoesNotBringItBack() {
        clock.advance(DAY);

        perform("fail", Map.of("session_id", "s"));

        assertThat(store.sessions().find("s").orElseThrow().stage()).isEqualTo(Stage.FAILED);
        assertThatThrownBy(() -> assistant.session("s", null)).isInstanceOf(ApiException.class);
        assertThat(perform("items", Map.of("session_id", "s")).body().path("items"))
                .hasSize(2);
        assertThat(perform("items", Map.of("session_id", "gone")).body().path("items"))
                .isEmpty();
    }
}
