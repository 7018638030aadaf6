package dev.semel.core.internal.observe;

import dev.semel.core.health.Health;
import dev.semel.core.health.PartitionMetric;
import dev.semel.core.health.ProcessorMetric;
import dev.semel.core.internal.poll.PartitionView;
import dev.semel.core.participant.Participant;
import dev.semel.core.participant.ParticipantMetric;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.metrics.Gauge;
import org.apache.kafka.common.metrics.JmxReporter;
import org.apache.kafka.common.metrics.KafkaMetricsContext;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is counted and seen of a processor as Kafka metrics, also in JMX. Nothing is recorded for them: each is read when it is
 * asked for. Thread-safe.
 */
final class ProcessorMetrics implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ProcessorMetrics.class);

    private static final String JMX_DOMAIN = "dev.semel";
    private static final double NANOS_PER_MILLI = 1_000_000;

    private final Rooms rooms;
    private final Supplier<Health> health;
    private final LongSupplier nanoTime;
    private final Map<String, String> tags;
    private final Metrics metrics;
    private final List<Participant> participants;
    private final Map<MetricName, DoubleSupplier> ofParticipants = new ConcurrentHashMap<>();
    private final Set<TopicPartition> registered = new HashSet<>();
    private boolean closed;

    ProcessorMetrics(ObserveSettings settings, Rooms rooms, Supplier<Health> health, LongSupplier nanoTime) {
        this.participants = settings.participants();
        this.rooms = rooms;
        this.health = health;
        this.nanoTime = nanoTime;
        this.tags = Map.of("group", settings.group(), "instance", settings.instance());
        var jmx = new JmxReporter();
        jmx.configure(Map.of());
        this.metrics = new Metrics(new MetricConfig(), List.of(jmx), Time.SYSTEM, new KafkaMetricsContext(JMX_DOMAIN));
        metrics.removeMetric(metrics.metricName("count", "kafka-metrics-count", "total number of registered metrics"));
        for (ProcessorMetric metric : ProcessorMetric.values()) {
            add(name(metric.metricName(), ProcessorMetric.GROUP, metric.description(), tags), () -> value(metric));
        }
    }

    /** All metrics at this moment. */
    synchronized Map<MetricName, ? extends Metric> all() {
        if (closed) {
            return Map.of();
        }
        followAssignment();
        return Map.copyOf(metrics.metrics());
    }

    /** Adds metrics of partitions that came, and removes those of partitions that went; and those of participants likewise. */
    synchronized void followAssignment() {
        if (closed) {
            return;
        }
        followParticipants();
        Set<TopicPartition> assigned =
                rooms.poll().partitions().stream().map(PartitionView::partition).collect(Collectors.toSet());
        for (TopicPartition gone : registered.stream()
                .filter(partition -> !assigned.contains(partition))
                .toList()) {
            Arrays.stream(PartitionMetric.values()).forEach(metric -> metrics.removeMetric(name(metric, gone)));
            registered.remove(gone);
        }
        for (TopicPartition partition : assigned) {
            if (registered.add(partition)) {
                for (PartitionMetric metric : PartitionMetric.values()) {
                    add(name(metric, partition), () -> value(metric, partition));
                }
            }
        }
    }

    private void followParticipants() {
        Map<MetricName, DoubleSupplier> now = new LinkedHashMap<>();
        for (Participant participant : participants) {
            try {
                for (ParticipantMetric metric : participant.metrics()) {
                    var all = new LinkedHashMap<>(metric.tags());
                    all.putAll(tags);
                    now.putIfAbsent(name(metric.name(), metric.group(), metric.description(), all), metric.value());
                }
            } catch (RuntimeException e) {
                // The others' are shown all the same.
                log.warn("The metrics of {} are not shown", participant, e);
            }
        }
        for (MetricName name : List.copyOf(ofParticipants.keySet())) {
            if (!now.containsKey(name)) {
                metrics.removeMetric(name);
                ofParticipants.remove(name);
            }
        }
        now.forEach((name, value) -> {
            if (ofParticipants.put(name, value) == null) {
                // The latest value's: a partition may have come back since the last look.
                add(
                        name,
                        () -> ofParticipants
                                .getOrDefault(name, () -> Double.NaN)
                                .getAsDouble());
            }
        });
    }

    @Override
    public synchronized void close() {
        closed = true;
        metrics.close();
    }

    private MetricName name(PartitionMetric metric, TopicPartition partition) {
        var all = new LinkedHashMap<>(tags);
        all.put("topic", partition.topic());
        all.put("partition", Integer.toString(partition.partition()));
        return name(metric.metricName(), PartitionMetric.GROUP, metric.description(), all);
    }

    private MetricName name(String name, String group, String description, Map<String, String> withTags) {
        return metrics.metricName(name, group, description, withTags);
    }

    private void add(MetricName name, DoubleSupplier value) {
        metrics.addMetric(name, null, (Gauge<Double>) (config, now) -> value.getAsDouble());
    }

    private double value(ProcessorMetric metric) {
        return switch (metric) {
            case RECORDS_POLLED_TOTAL -> rooms.poll().polled();
            case RECORDS_HANDLED_TOTAL -> rooms.release().confirmed().handled();
            case RECORDS_DEAD_LETTERED_TOTAL -> rooms.release().confirmed().lettered();
            case RECORDS_SKIPPED_TOTAL -> rooms.release().confirmed().skipped();
            case RECORDS_DUPLICATE_TOTAL -> rooms.release().confirmed().duplicates();
            case RECORDS_WAITING_TOTAL -> rooms.release().confirmed().waiting();
            case RECORDS_DEFERRED_TOTAL -> rooms.release().confirmed().deferred();
            case REDELIVERIES_TOTAL -> rooms.release().confirmed().redelivered();
            case OUTPUTS_COMMITTED_TOTAL -> rooms.release().confirmed().outputs();
            case ATTEMPTS_TOTAL -> rooms.lanes().counts().attempts();
            case ATTEMPT_TIME_NS_TOTAL -> rooms.lanes().counts().attemptNanos();
            case ATTEMPT_TIME_MAX_MS -> rooms.lanes().counts().longestRecentNanos() / NANOS_PER_MILLI;
            case RETRIES_TOTAL -> rooms.decisions().retries();
            case HANDLER_TIMEOUTS_TOTAL -> rooms.decisions().timeouts();
            case HANDLERS_RUNNING -> rooms.lanes().counts().running();
            case HANDLERS_STUCK -> rooms.lanes().counts().stuck();
            case COMMITS_TOTAL -> rooms.transactions().counts().commits();
            case COMMIT_TIME_NS_TOTAL -> rooms.transactions().counts().commitNanos();
            case ABORTS_TOTAL -> rooms.transactions().counts().aborts();
            case PRODUCER_REPLACEMENTS_TOTAL -> rooms.transactions().counts().replacements();
            case REBALANCES_TOTAL -> rooms.poll().rebalances();
            case ASSIGNED_PARTITIONS -> rooms.poll().partitions().size();
            case WEDGED_PARTITIONS -> health.get().wedges().size();
            case RECORDS_IN_FLIGHT -> sum(PartitionView::inFlightRecords);
            case BYTES_IN_FLIGHT -> sum(PartitionView::inFlightBytes);
            case POLL_LOOP_STILL_MS -> millisSince(rooms.poll().movedNanos());
            case STARTED -> truth(health.get().startup().ok());
            case ALIVE -> truth(health.get().liveness().ok());
            case READY -> truth(health.get().readiness().ok());
        };
    }

    private double value(PartitionMetric metric, TopicPartition partition) {
        @Nullable PartitionView seen = seen(partition);
        if (seen == null) {
            // Gone since the metric was looked up.
            return Double.NaN;
        }
        return switch (metric) {
            case LAG -> orUnknown(health.get().lags().get(partition));
            case COMMITTED_OFFSET -> orUnknown(seen.committedOffset() < 0 ? null : (Long) seen.committedOffset());
            case RECORDS_IN_FLIGHT -> seen.inFlightRecords();
            case BYTES_IN_FLIGHT -> seen.inFlightBytes();
            case HEAD_AGE_MS -> seen.headState() == null ? 0 : millisSince(seen.headSinceNanos());
            case WEDGED ->
                truth(health.get().wedges().stream()
                        .anyMatch(wedge -> wedge.partition().equals(partition)));
        };
    }

    private @Nullable PartitionView seen(TopicPartition partition) {
        Collection<PartitionView> partitions = rooms.poll().partitions();
        return partitions.stream()
                .filter(view -> view.partition().equals(partition))
                .findAny()
                .orElse(null);
    }

    private double sum(ToLongFunction<PartitionView> part) {
        return rooms.poll().partitions().stream().mapToLong(part).sum();
    }

    private double millisSince(long nanos) {
        return (nanoTime.getAsLong() - nanos) / NANOS_PER_MILLI;
    }

    private static double orUnknown(@Nullable Long value) {
        return value == null ? Double.NaN : value;
    }

    private static double truth(boolean value) {
        return value ? 1 : 0;
    }
}
