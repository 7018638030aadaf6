package dev.semel.core.internal.handle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class EarlierFailuresTest {

    private final EarlierFailures earlier = new EarlierFailures();

    @Test
    void theyAreSuppressedInTheLastInTheirOrder() {
        var first = new IOException("first");
        var second = new IllegalStateException("second");
        var last = new IllegalStateException("last");
        earlier.add(first);
        earlier.add(second);
        earlier.suppressIn(last);

        assertThat(last.getSuppressed()).containsExactly(first, second);
    }

    @Test
    void whatSaysTheSameIsToldOnce() {
        for (int i = 0; i < 3; i++) {
            earlier.add(refused("connection refused"));
        }
        earlier.add(refused("closed"));
        var last = refused("connection refused");
        earlier.suppressIn(last);

        assertThat(last.getSuppressed()).extracting(Throwable::getMessage).containsExactly("closed");
    }

    @Test
    void theSameWordsFromAnotherPlaceSaySomethingElse() {
        earlier.add(refused("connection refused"));
        var last = elsewhere("connection refused");
        earlier.suppressIn(last);

        assertThat(last.getSuppressed()).hasSize(1);
    }

    @Test
    void theSameWordsWithAnotherCauseSaySomethingElse() {
        var faults = Stream.of("full", "gone", "full")
                .map(cause -> new IllegalStateException("not stored", new IOException(cause)))
                .toList();
        earlier.add(faults.get(0));
        earlier.add(faults.get(1));
        earlier.suppressIn(faults.get(2));

        assertThat(faults.get(2).getSuppressed())
                .singleElement()
                .satisfies(told -> assertThat(told).hasRootCauseMessage("gone"));
    }

    @Test
    void theLatestFiveAreKept() {
        for (int i = 0; i < 100; i++) {
            earlier.add(new IOException("attempt " + i));
        }
        var last = new IOException("last");
        earlier.suppressIn(last);

        assertThat(last.getSuppressed())
                .extracting(Throwable::getMessage)
                .containsExactly("attempt 95", "attempt 96", "attempt 97", "attempt 98", "attempt 99");
    }

    /** {@code addSuppressed} would throw. */
    @Test
    void anExceptionThatIsThrownAgainIsNotSuppressedInItself() {
        var always = new IOException("always");
        earlier.add(always);
        earlier.add(new IOException("once"));
        earlier.suppressIn(always);

        assertThat(always.getSuppressed()).extracting(Throwable::getMessage).containsExactly("once");
    }

    /** A handler may throw one and the same exception for ever, and must not be able to fill the memory with it. */
    @Test
    void anExceptionThatEndsManyRecordsDoesNotGrow() {
        var always = new IOException("always");
        for (int record = 0; record < 100; record++) {
            var failures = new EarlierFailures();
            failures.add(new IOException("of record " + record));
            failures.suppressIn(always);
        }

        assertThat(always.getSuppressed()).hasSize(5);
    }

    private static IOException refused(String message) {
        return new IOException(message);
    }

    private static IOException elsewhere(String message) {
        return new IOException(message);
    }
}
