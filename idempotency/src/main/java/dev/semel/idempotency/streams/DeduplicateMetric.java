package dev.semel.idempotency.streams;

import dev.semel.core.health.MetricKind;
import java.util.Locale;

/**
 * The metrics of a deduplication: in group {@value #GROUP} of {@link org.apache.kafka.streams.KafkaStreams#metrics}, with the tags
 * {@code thread-id}, {@code task-id} and {@code deduplicate-id}, which is its name. Each record is in one of the totals. They count
 * from the moment in which the thread took up the task, and count a record again that is processed again after an abort.
 */
public enum DeduplicateMetric {
    PASSED_TOTAL(MetricKind.TOTAL, "records", "Records that passed, because their id was not seen before."),
    DUPLICATES_TOTAL(MetricKind.TOTAL, "records", "Records that were dropped, or routed, as duplicates."),
    MISSING_IDS_TOTAL(MetricKind.TOTAL, "records", "Records without an id, whatever became of them."),
    ENTRIES(
            MetricKind.GAUGE,
            "ids",
            "Ids that are kept, a second ago at most; expired ones are among them until they are removed.");

    /** The metrics' group. */
    public static final String GROUP = "semel-deduplicate";

    private final MetricKind kind;
    private final String unit;
    private final String description;

    DeduplicateMetric(MetricKind kind, String unit, String description) {
        this.kind = kind;
        this.unit = unit;
        this.description = description;
    }

    /** The name, such as {@code duplicates-total}. */
    public String metricName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public MetricKind kind() {
        return kind;
    }

    public String unit() {
        return unit;
    }

    /** One sentence. */
    public String description() {
        return description;
    }
}
