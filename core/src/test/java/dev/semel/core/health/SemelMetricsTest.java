package dev.semel.core.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.junit.jupiter.api.Test;

class SemelMetricsTest {

    private static final MetricName POLLED = name("semel-processor", "records-polled-total", Map.of("group", "g"));
    private static final MetricName READY = name("semel-processor", "ready", Map.of("group", "g"));
    private static final MetricName LAG =
            name("semel-partition", "lag", Map.of("group", "g", "topic", "t", "partition", "3"));

    private final Map<MetricName, Metric> metrics = new ConcurrentHashMap<>();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @Test
    void totalsAreCountersAndTheRestAreGauges() {
        metrics.put(POLLED, metric(POLLED, new AtomicReference<>(7.0)));
        var ready = new AtomicReference<Object>(1.0);
        metrics.put(READY, metric(READY, ready));
        metrics.put(LAG, metric(LAG, new AtomicReference<>(42L)));
        try (var binder = binder(Duration.ofHours(1))) {
            binder.bindTo(registry);
            assertThat(registry.get("semel.processor.records.polled")
                            .tag("group", "g")
                            .functionCounter()
                            .count())
                    .isEqualTo(7);
            assertThat(registry.get("semel.processor.ready").gauge().value()).isEqualTo(1);
            ready.set(0.0);
            assertThat(registry.get("semel.processor.ready").gauge().value()).isZero();
            assertThat(registry.get("semel.partition.lag")
                            .tags("topic", "t", "partition", "3")
                            .gauge()
                            .value())
                    .isEqualTo(42);
            assertThat(registry.getMeters()).hasSize(3);
        }
        assertThat(registry.getMeters()).as("after the close").isEmpty();
    }

    @Test
    void metersFollowTheMetrics() {
        try (var binder = binder(Duration.ofMillis(10))) {
            binder.bindTo(registry);
            assertThat(registry.getMeters()).as("before the start").isEmpty();
            metrics.put(LAG, metric(LAG, new AtomicReference<>(1.0)));
            awaitMeters(1);
            metrics.remove(LAG);
            awaitMeters(0);
        }
    }

    /** A partition that went and came back between two looks has a metric of its own, and the old one tells nothing. */
    @Test
    void aMetricThatWasReplacedIsShownAnew() {
        metrics.put(LAG, metric(LAG, new AtomicReference<>(1.0)));
        try (var binder = binder(Duration.ofMillis(10))) {
            binder.bindTo(registry);
            metrics.put(LAG, metric(LAG, new AtomicReference<>(2.0)));
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> registry.find("semel.partition.lag").gauges().stream()
                            .anyMatch(gauge -> gauge.value() == 2));
        }
    }

    private SemelMetrics binder(Duration every) {
        return new SemelMetrics(() -> Map.copyOf(metrics), every);
    }

    private void awaitMeters(int expected) {
        await().atMost(Duration.ofSeconds(30)).until(() -> registry.getMeters().size() == expected);
    }

    private static MetricName name(String group, String name, Map<String, String> tags) {
        return new MetricName(name, group, "a metric", tags);
    }

    private static Metric metric(MetricName name, AtomicReference<?> value) {
        return new Metric() {
            @Override
            public MetricName metricName() {
                return name;
            }

            @Override
            public Object metricValue() {
                return value.get();
            }
        };
    }
}
