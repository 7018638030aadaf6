package dev.semel.idempotency.streams;

import static dev.semel.idempotency.streams.DeduplicationDriver.RETENTION;
import static dev.semel.idempotency.streams.DeduplicationDriver.byValue;
import static dev.semel.idempotency.streams.DeduplicationDriver.splitting;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.stream.Stream;
import org.apache.kafka.streams.errors.StreamsException;
import org.junit.jupiter.api.Test;

/** What becomes of records without an id. */
class DeduplicateMissingIdTest {

    @Test
    void aRecordWithoutAnIdIsAnError() {
        try (var driver = splitting(byValue())) {
            assertThatThrownBy(() -> driver.send(""))
                    .satisfies(error -> assertThat(error)
                            .isInstanceOf(StreamsException.class)
                            .rootCause()
                            .isInstanceOf(StreamsException.class)
                            .hasMessageContainingAll(
                                    "'once'",
                                    "payments-0@0",
                                    "has no id: the extractor found none",
                                    "onMissingId(PASS)"));
        }
    }

    @Test
    void aRecordWithoutTheHeaderIsAnError() {
        var byEventId = Deduplicate.<String, String>byEventId().named("once").retaining(RETENTION);
        try (var driver = splitting(byEventId)) {
            assertThatThrownBy(() -> driver.send("a"))
                    .rootCause()
                    .hasMessageContaining("payments-0@0 has no id: it has no header ce_id");
        }
    }

    @Test
    void recordsWithoutAnIdCanPass() {
        try (var driver = splitting(byValue().onMissingId(MissingId.PASS))) {
            Stream.of("", "", "a").forEach(driver::send);

            assertThat(driver.passed()).containsExactly("", "", "a");
            assertThat(driver.duplicates()).isEmpty();
            assertThat(driver.metric(DeduplicateMetric.MISSING_IDS_TOTAL)).isEqualTo(2);
            assertThat(driver.metric(DeduplicateMetric.PASSED_TOTAL)).isEqualTo(1);
        }
    }

    @Test
    void recordsWithoutAnIdCanBeDropped() {
        try (var driver = splitting(byValue().onMissingId(MissingId.DROP))) {
            driver.send(null);
            driver.send("a");

            assertThat(driver.passed()).containsExactly("a");
            assertThat(driver.duplicates()).isEmpty();
            assertThat(driver.metric(DeduplicateMetric.MISSING_IDS_TOTAL)).isEqualTo(1);
        }
    }

    @Test
    void anExtractorThatThrowsIsToldWithTheRecord() {
        var failing = Deduplicate.<String, String>by(record -> {
                    throw new IOException("no such field");
                })
                .named("once")
                .retaining(RETENTION);
        try (var driver = splitting(failing)) {
            assertThatThrownBy(() -> driver.send("a"))
                    .hasRootCauseInstanceOf(IOException.class)
                    .cause()
                    .hasMessageContainingAll("'once'", "payments-0@0", "no such field");
        }
    }
}
