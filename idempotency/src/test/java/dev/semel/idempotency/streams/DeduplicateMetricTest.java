package dev.semel.idempotency.streams;

import static dev.semel.idempotency.streams.DeduplicationDriver.byValue;
import static dev.semel.idempotency.streams.DeduplicationDriver.splitting;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What it counts. */
class DeduplicateMetricTest {

    @Test
    void eachRecordIsInOneOfTheTotals() {
        try (var driver = splitting(byValue().onMissingId(MissingId.DROP))) {
            Stream.of("a", "a", "b", "", "a").forEach(driver::send);
            driver.advanceWallClock(Duration.ofSeconds(1));

            assertThat(driver.metric(DeduplicateMetric.PASSED_TOTAL)).isEqualTo(2);
            assertThat(driver.metric(DeduplicateMetric.DUPLICATES_TOTAL)).isEqualTo(2);
            assertThat(driver.metric(DeduplicateMetric.MISSING_IDS_TOTAL)).isEqualTo(1);
            assertThat(driver.metric(DeduplicateMetric.ENTRIES)).isEqualTo(2);
        }
    }

    @Test
    void metricsSayWhoseTheyAre() {
        try (var driver = splitting(byValue())) {
            assertThat(driver.driver().metrics().keySet())
                    .filteredOn(name -> name.group().equals("semel-deduplicate"))
                    .hasSize(DeduplicateMetric.values().length)
                    .allSatisfy(name -> {
                        assertThat(name.tags()).containsOnlyKeys("thread-id", "task-id", "deduplicate-id");
                        assertThat(name.tags()).containsEntry("task-id", "0_0").containsEntry("deduplicate-id", "once");
                        assertThat(name.description()).isNotBlank();
                    })
                    .extracting(name -> name.name())
                    .containsExactlyInAnyOrder("passed-total", "duplicates-total", "missing-ids-total", "entries");
        }
    }
}
