package dev.segno.shopping;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class TurnPlacesTest {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final List<Runnable> timers = new ArrayList<>();
    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private final TurnPlaces places = new TurnPlaces(2, (delay, task) -> timers.add(task), tasks::add);

    /** A message whose turn begins at once. */
    private void begin(String run) {
        assertThat(places.take(PATIENCE)).isCompletedWithValue(true);
        places.goesOn(run);
        places.giveBack();
    }

    private void perform() {
        while (!tasks.isEmpty()) {
            tasks.remove().run();
        }
    }

    @Test
    void whoComesFirstGetsTheFirstPlaceThatIsFree() {
        begin("a");
        begin("b");
        CompletableFuture<Boolean> one = places.take(PATIENCE);
        CompletableFuture<Boolean> other = places.take(PATIENCE);

        places.rests("a");
        perform();

        assertThat(one).isCompletedWithValue(true);
        assertThat(other).isNotDone();
        places.goesOn("c");
        places.giveBack();
        perform();
        assertThat(other).isNotDone();
        places.rests("b");
        perform();
        assertThat(other).isCompletedWithValue(true);
    }

    @Test
    void whoHasWaitedEnoughGetsNoneAndLeavesItsPlaceInTheLine() {
        begin("a");
        begin("b");
        CompletableFuture<Boolean> hasty = places.take(PATIENCE);
        CompletableFuture<Boolean> patient = places.take(PATIENCE);

        timers.get(0).run();

        assertThat(hasty).isCompletedWithValue(false);
        places.rests("a");
        perform();
        assertThat(patient).isCompletedWithValue(true);
        timers.get(1).run();
        assertThat(patient).isCompletedWithValue(true);
    }

    @Test
    void whoDoesNotWaitIsToldAtOnce() {
        begin("a");
        begin("b");
        assertThat(places.take(Duration.ZERO)).isCompletedWithValue(false);
        assertThat(timers).isEmpty();
    }

    @Test
    void aPlaceThatNoTurnTookIsFreeAgainAndOneThatRestsTwiceIsGivenBackOnce() {
        begin("a");
        assertThat(places.take(PATIENCE)).isCompletedWithValue(true);
        places.giveBack();
        begin("b");
        places.rests("b");
        places.rests("b");
        places.rests("never");
        assertThat(places.count()).isEqualTo(1);
        begin("c");
        assertThat(places.take(Duration.ZERO)).isCompletedWithValue(false);
    }

    @Test
    void aTurnThatIsAnsweredCountsOnceAndKeepsItsPlaceWhenTheAnswerComesAgain() {
        assertThat(places.take(PATIENCE)).isCompletedWithValue(true);
        assertThat(places.handOver("a")).isTrue();
        assertThat(places.count()).isEqualTo(1);

        assertThat(places.take(Duration.ZERO)).isCompletedWithValue(true);
        assertThat(places.handOver("a")).isFalse();
        assertThat(places.count()).isEqualTo(2);
        places.giveBack();

        assertThat(places.count()).isEqualTo(1);
        places.rests("a");
        assertThat(places.count()).isZero();
    }
}
