package dev.semel.core.health;

/**
 * The metrics of a processor, in group {@value #GROUP} of {@link dev.semel.core.EventProcessor#metrics}, with the tags {@code
 * group} and {@code instance}. Totals count from the start of this processor, in this process.
 */
public enum ProcessorMetric {
    RECORDS_POLLED_TOTAL(MetricKind.TOTAL, "records", "Records that were polled."),
    RECORDS_HANDLED_TOTAL(MetricKind.TOTAL, "records", "Records that were handled, and their commit confirmed."),
    RECORDS_DEAD_LETTERED_TOTAL(
            MetricKind.TOTAL, "records", "Records that became dead letters, and their commit confirmed."),
    RECORDS_SKIPPED_TOTAL(
            MetricKind.TOTAL,
            "records",
            "Records that the filter or the failure policy passed over, and their commit confirmed."),
    RECORDS_DUPLICATE_TOTAL(
            MetricKind.TOTAL,
            "records",
            "Records whose event had had its effect by another, and their commit confirmed."),
    RECORDS_WAITING_TOTAL(
            MetricKind.TOTAL,
            "records",
            "Records that were kept behind a dead letter of their sequence, and their commit confirmed."),
    RECORDS_DEFERRED_TOTAL(
            MetricKind.TOTAL, "records", "Records that were kept for later, and their commit confirmed."),
    REDELIVERIES_TOTAL(
            MetricKind.TOTAL,
            "records",
            "Letters, and records that waited or were deferred, that were handled again, and their commit confirmed; in none"
                    + " of the totals of records."),
    OUTPUTS_COMMITTED_TOTAL(
            MetricKind.TOTAL, "records", "Records that handlers sent, and their commit confirmed; no dead letters."),
    ATTEMPTS_TOTAL(MetricKind.TOTAL, "attempts", "Attempts at handling a record, failed ones included."),
    ATTEMPT_TIME_NS_TOTAL(MetricKind.TOTAL, "ns", "What these attempts took together."),
    ATTEMPT_TIME_MAX_MS(
            MetricKind.GAUGE, "ms", "What the longest attempt took that ended in the last half to whole minute."),
    RETRIES_TOTAL(MetricKind.TOTAL, "attempts", "Failed attempts after which the record was to be tried again."),
    HANDLER_TIMEOUTS_TOTAL(MetricKind.TOTAL, "attempts", "Attempts that outran the handler deadline."),
    HANDLERS_RUNNING(MetricKind.GAUGE, "handlers", "Handlers that run now."),
    HANDLERS_STUCK(
            MetricKind.GAUGE,
            "handlers",
            "Handlers that have outrun their deadline, and did not end when interrupted."),
    COMMITS_TOTAL(MetricKind.TOTAL, "transactions", "Transactions that were committed."),
    COMMIT_TIME_NS_TOTAL(MetricKind.TOTAL, "ns", "What these commits took together, from asking to answer."),
    ABORTS_TOTAL(MetricKind.TOTAL, "transactions", "Transactions that were aborted, and their records sent again."),
    PRODUCER_REPLACEMENTS_TOTAL(
            MetricKind.TOTAL,
            "producers",
            "Producers that took the place of one that was fenced, expired or in doubt."),
    REBALANCES_TOTAL(MetricKind.TOTAL, "assignments", "Assignments, those included that brought nothing new."),
    ASSIGNED_PARTITIONS(MetricKind.GAUGE, "partitions", "Partitions that are assigned."),
    WEDGED_PARTITIONS(MetricKind.GAUGE, "partitions", "Partitions that are held up."),
    RECORDS_IN_FLIGHT(MetricKind.GAUGE, "records", "Records that are polled, and their commit not confirmed."),
    BYTES_IN_FLIGHT(MetricKind.GAUGE, "bytes", "What these records hold, and what was sent for them."),
    POLL_LOOP_STILL_MS(MetricKind.GAUGE, "ms", "How long ago the poll loop last moved."),
    STARTED(MetricKind.GAUGE, "0 or 1", "Whether the startup probe is ok."),
    ALIVE(MetricKind.GAUGE, "0 or 1", "Whether the liveness probe is ok."),
    READY(MetricKind.GAUGE, "0 or 1", "Whether the readiness probe is ok.");

    /** The metrics' group. */
    public static final String GROUP = "semel-processor";

    private final MetricKind kind;
    private final String unit;
    private final String description;

    ProcessorMetric(MetricKind kind, String unit, String description) {
        this.kind = kind;
        this.unit = unit;
        this.description = description;
    }

    /** The name, such as {@code records-polled-total}. */
    public String metricName() {
        return MetricKind.metricName(this);
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
