package dev.semel.examples.shop.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semel.core.health.ProcessorMetric;
import org.junit.jupiter.api.Test;

class ServiceMetricsTest {

    private static final String METRICS = "records-duplicate-total 417.0\nrecords-handled-total 3000.0\n";

    @Test
    void aMetricIsFoundByItsName() {
        assertThat(ServiceMetrics.value(METRICS, ProcessorMetric.RECORDS_DUPLICATE_TOTAL))
                .isEqualTo(417);
    }

    @Test
    void aMetricThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> ServiceMetrics.value(METRICS, ProcessorMetric.RECORDS_SKIPPED_TOTAL))
                .hasMessageContaining("no records-skipped-total in:")
                .hasMessageContaining("417");
    }
}
