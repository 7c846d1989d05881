package dev.segno.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segno.crash.Operation.Answer;
import dev.segno.crash.Operation.Kind;
import dev.segno.run.RunState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The judge of histories finds what is wrong, and nothing in what is right. */
class HistoryTest {

    /** Operations of one run as "KIND id ANSWER STATE from-to", separated by semicolons; a dot stands for nothing. */
    private static List<Operation> history(String text) {
        return Arrays.stream(text.split(";"))
                .map(line -> operation(line.strip().split("\\s+")))
                .toList();
    }

    private static Operation operation(String[] words) {
        String[] times = words[4].split("-");
        return new Operation(
                Kind.valueOf(words[0]),
                "run",
                words[1].equals(".") ? "" : words[1],
                Answer.valueOf(words[2]),
                words[3].equals(".") ? Optional.empty() : Optional.of(RunState.valueOf(words[3])),
                Long.parseLong(times[0]),
                Long.parseLong(times[1]));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                a run that completes       | START k OK . 1-2; READ . OK RUNNING 3-4; READ . OK WAITING 5-6; SIGNAL s DELIVERED . 7-8; READ . OK COMPLETED 9-10
                an early signal            | START k OK . 1-2; SIGNAL s KEPT . 3-4; READ . OK COMPLETED 5-6
                a repeated start           | START k OK . 1-2; START k OK . 3-4
                waiting, then running      | READ . OK WAITING 1-2; READ . OK RUNNING 3-4
                reads that overlap         | SIGNAL s DELIVERED . 1-2; READ . OK COMPLETED 3-9; READ . OK RUNNING 4-8
                a duplicate                | SIGNAL s DELIVERED . 1-2; SIGNAL s DUPLICATE . 3-4; READ . OK COMPLETED 5-6; SIGNAL s DUPLICATE . 7-8
                a duplicate that overlaps  | SIGNAL s DUPLICATE . 1-5; SIGNAL s DELIVERED . 2-4
                a late signal              | SIGNAL s DELIVERED . 1-2; READ . OK COMPLETED 3-4; SIGNAL t TOO_LATE . 5-6
                a signal that overlaps     | READ . OK CANCELLED 3-4; SIGNAL t KEPT . 2-6
                a cancel                   | CANCEL . OK CANCELLED 1-2; READ . OK CANCELLED 3-4; CANCEL . TOO_LATE . 5-6
                an accepted cancel         | CANCEL . ACCEPTED . 1-2; READ . OK RUNNING 3-4; READ . OK CANCELLED 5-6
                a cancel at the last moment| SIGNAL s DELIVERED . 1-2; CANCEL . ACCEPTED . 3-4; READ . OK COMPLETED 5-6
                a cancel that is refused   | CANCEL . REFUSED . 1-2; SIGNAL s DELIVERED . 1-2; READ . OK COMPLETED 3-4
                """)
    void whatIsRightIsNoAnomaly(String name, String text) {
        assertThat(History.anomalies(history(text))).as(name).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                an end that changes        | SIGNAL s DELIVERED . 1-2; READ . OK COMPLETED 3-4; READ . OK CANCELLED 5-6
                two ends at the same time  | SIGNAL s DELIVERED . 1-2; READ . OK COMPLETED 3-6; READ . OK CANCELLED 4-5
                a run that comes back      | READ . OK CANCELLED 1-2; READ . OK RUNNING 3-4
                a cancel that did nothing  | CANCEL . OK CANCELLED 1-2; READ . OK WAITING 3-4
                a cancel of another end    | CANCEL . OK RUNNING 1-2
                a cancel that is forgotten | CANCEL . ACCEPTED . 1-2; SIGNAL s DELIVERED . 3-4; READ . OK COMPLETED 5-6
                a signal delivered twice   | SIGNAL s DELIVERED . 1-2; SIGNAL s DELIVERED . 3-4
                a signal kept twice        | SIGNAL s KEPT . 1-4; SIGNAL s KEPT . 2-3
                two signals for one wait   | SIGNAL s DELIVERED . 1-4; SIGNAL t DELIVERED . 2-3
                a duplicate of none        | SIGNAL s DUPLICATE . 1-2
                a signal that is forgotten | SIGNAL s KEPT . 1-2; CANCEL . OK CANCELLED 3-4; SIGNAL s TOO_LATE . 5-6
                a signal after the end     | CANCEL . OK CANCELLED 1-2; SIGNAL s KEPT . 3-4
                late, and then not         | SIGNAL s TOO_LATE . 1-2; SIGNAL t KEPT . 3-4; READ . OK CANCELLED 5-6
                late, and still open       | SIGNAL s TOO_LATE . 1-2; READ . OK WAITING 3-4; READ . OK CANCELLED 5-6
                late without an end        | CANCEL . TOO_LATE . 1-2
                an end without a signal    | START k OK . 1-2; READ . OK COMPLETED 3-4
                a run with two keys        | START k OK . 1-2; START l OK . 3-4
                """)
    void whatCannotBeIsFound(String name, String text) {
        assertThat(History.anomalies(history(text))).as(name).isNotEmpty();
    }

    @Test
    void aKeyWithTwoRunsIsFound() {
        Operation one = new Operation(Kind.START, "one", "k", Answer.OK, Optional.empty(), 1, 2);
        Operation two = new Operation(Kind.START, "two", "k", Answer.OK, Optional.empty(), 1, 2);

        assertThat(History.anomalies(List.of(one, two))).hasSize(1);
    }

    @Test
    void runsAreJudgedByThemselves() {
        List<Operation> both = new ArrayList<>(history("READ . OK CANCELLED 1-2"));
        both.add(new Operation(Kind.READ, "other", "", Answer.OK, Optional.of(RunState.RUNNING), 3, 4));

        assertThat(History.anomalies(both)).isEmpty();
    }
}
