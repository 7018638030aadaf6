package dev.semel.core.health;

/**
 * The metrics of each assigned partition, in group {@value #GROUP} of {@link dev.semel.core.EventProcessor#metrics}, with the
 * tags {@code group}, {@code instance}, {@code topic} and {@code partition}. They come and go with the assignment.
 */
public enum PartitionMetric {
    LAG(
            "offsets",
            "Offsets between what is committed and the high watermark, at the last look; NaN where that is not known yet."
                    + " Unlike a consumer's lag it counts what an open transaction holds back."),
    COMMITTED_OFFSET("offset", "What is committed; NaN where that is not known yet."),
    RECORDS_IN_FLIGHT("records", "Records that are polled, and their commit not confirmed."),
    BYTES_IN_FLIGHT("bytes", "What these records hold, and what was sent for them."),
    HEAD_AGE_MS("ms", "How long the first of these records has been the first; 0 where there is none."),
    WEDGED("0 or 1", "Whether it is held up.");

    /** The metrics' group. */
    public static final String GROUP = "semel-partition";

    private final String unit;
    private final String description;

    PartitionMetric(String unit, String description) {
        this.unit = unit;
        this.description = description;
    }

    /** The name, such as {@code head-age-ms}. */
    public String metricName() {
        return MetricKind.metricName(this);
    }

    /** All of them are gauges. */
    public MetricKind kind() {
        return MetricKind.GAUGE;
    }

    public String unit() {
        return unit;
    }

    /** One or two sentences. */
    public String description() {
        return description;
    }
}
