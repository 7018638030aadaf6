package dev.semel.core.health;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows a processor's metrics in Micrometer: {@code new SemelMetrics(processor::metrics).bindTo(registry)}. The only class here
 * that needs {@code io.micrometer:micrometer-core}, which is an optional dependency.
 *
 * <p>Names are those of the metrics with their group before them and dots between words: {@code records-polled-total} in group
 * {@code semel-processor} is the counter {@code semel.processor.records.polled}, {@code lag} in group {@code semel-partition} the
 * gauge {@code semel.partition.lag}. Tags are the same.
 *
 * <p>May be bound before the processor is started. Meters follow the metrics, which come with the start and with partitions: they are
 * looked at every 10 s. Thread-safe.
 */
public final class SemelMetrics implements MeterBinder, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(SemelMetrics.class);

    private static final Duration EVERY = Duration.ofSeconds(10);

    /** What the name of a metric ends in that only grows. */
    private static final String TOTAL = "-total";

    private final Supplier<Map<MetricName, ? extends Metric>> metrics;
    private final ScheduledExecutorService refresher;
    private final Map<MeterRegistry, Map<MetricName, Shown>> bound = new HashMap<>();

    /** @param metrics those of a processor at each moment: {@code processor::metrics} */
    public SemelMetrics(Supplier<Map<MetricName, ? extends Metric>> metrics) {
        this(metrics, EVERY);
    }

    SemelMetrics(Supplier<Map<MetricName, ? extends Metric>> metrics, Duration every) {
        this.metrics = Objects.requireNonNull(metrics, "metrics");
        this.refresher = Executors.newSingleThreadScheduledExecutor(task -> {
            var thread = new Thread(task, "semel-micrometer");
            thread.setDaemon(true);
            return thread;
        });
        refresher.scheduleWithFixedDelay(this::refresh, every.toNanos(), every.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public synchronized void bindTo(MeterRegistry registry) {
        follow(registry, bound.computeIfAbsent(registry, any -> new HashMap<>()), metrics.get());
    }

    /** Takes all meters out of their registries, and looks no more. */
    @Override
    public synchronized void close() {
        refresher.shutdownNow();
        bound.forEach((registry, shown) -> follow(registry, shown, Map.of()));
        bound.clear();
    }

    private synchronized void refresh() {
        try {
            Map<MetricName, ? extends Metric> now = metrics.get();
            bound.forEach((registry, shown) -> follow(registry, shown, now));
        } catch (RuntimeException e) {
            // A registry that fails once is tried again; the executor would not look any more.
            log.warn("Metrics could not be shown in Micrometer", e);
        }
    }

    private static void follow(
            MeterRegistry registry, Map<MetricName, Shown> shown, Map<MetricName, ? extends Metric> now) {
        shown.entrySet().removeIf(entry -> {
            boolean gone = now.get(entry.getKey()) != entry.getValue().metric();
            if (gone) {
                registry.remove(entry.getValue().meter());
            }
            return gone;
        });
        now.forEach((name, metric) -> {
            if (!shown.containsKey(name)) {
                shown.put(name, new Shown(metric, register(registry, name, metric)));
            }
        });
    }

    private static Meter register(MeterRegistry registry, MetricName name, Metric metric) {
        List<Tag> tags = name.tags().entrySet().stream()
                .map(tag -> Tag.of(tag.getKey(), tag.getValue()))
                .toList();
        String dotted = (name.group() + "." + name.name()).replace('-', '.');
        if (name.name().endsWith(TOTAL)) {
            return FunctionCounter.builder(dotted.replaceFirst("\\.total$", ""), metric, SemelMetrics::value)
                    .tags(tags)
                    .description(name.description())
                    .register(registry);
        }
        return Gauge.builder(dotted, metric, SemelMetrics::value)
                .tags(tags)
                .description(name.description())
                .register(registry);
    }

    private static double value(Metric metric) {
        return metric.metricValue() instanceof Number number ? number.doubleValue() : Double.NaN;
    }

    /**
     * A metric in a registry, which refers to it weakly.
     *
     * @param metric keeps it alive
     * @param meter shows it
     */
    private record Shown(Metric metric, Meter meter) {}
}
