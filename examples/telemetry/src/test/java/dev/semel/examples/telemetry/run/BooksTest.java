package dev.semel.examples.telemetry.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.examples.telemetry.application.Reason;
import dev.semel.examples.telemetry.application.Summary;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class BooksTest {

    private static Books books(long lines, long counted, long open) {
        var windows = new TreeMap<Long, WindowRow>();
        windows.put(0L, new WindowRow(1, new Summary(counted, 0, 0, 0), 1, open));
        return new Books(lines, 3, 1, Map.of(Reason.NO_KEY, 2L), windows, List.of());
    }

    @Test
    void eachLineIsInOnePlace() {
        assertThat(books(10, 5, 2).differences(10, false)).isEmpty();
    }

    @Test
    void aLineThatIsNowhereIsMissing() {
        assertThat(books(10, 4, 2).differences(10, false))
                .containsExactly("10 lines are not 4 counted + 1 late + 2 rejected + 2 open = 9: 1 are missing");
    }

    @Test
    void aLineThatIsCountedTwiceIsOneTooMany() {
        assertThat(books(10, 6, 2).differences(10, false))
                .containsExactly("10 lines are not 6 counted + 1 late + 2 rejected + 2 open = 11: 1 too many");
    }

    @Test
    void aLineThatWasNotSentIsMissingEvenIfTheRestBalances() {
        assertThat(books(9, 5, 2).differences(10, false))
                .containsExactly("the input has 10 lines, its topic 9: some were not sent");
    }

    @Test
    void nothingIsOpenOnceAllIsToBeClosed() {
        assertThat(books(10, 5, 2).differences(10, true))
                .containsExactly(
                        "2 readings are in open windows, though every source has said that nothing more comes");
    }
}
