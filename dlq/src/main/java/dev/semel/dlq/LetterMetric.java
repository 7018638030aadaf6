package dev.semel.dlq;

import dev.semel.core.health.MetricKind;
import java.util.List;
import java.util.Locale;

/**
 * The metrics of {@link DeadLetters}, in group {@value #GROUP} among those of their processor, with its tags {@code group} and {@code
 * instance} and those that are named here. They are about the partitions that are assigned to this processor. Totals count from its start,
 * in this process, and what is committed only. No tag ever holds a key or an id.
 */
public enum LetterMetric {
    LETTERS_PUBLISHED_TOTAL(MetricKind.TOTAL, "letters", "Letters that were written for records that failed."),
    LETTERS_REWRITTEN_TOTAL(
            MetricKind.TOTAL, "letters", "Letters that were written to their topic again, as somebody asked for."),
    LETTERS_KEPT(
            MetricKind.GAUGE,
            "records",
            "Letters, and records that wait behind them or are deferred; 0 where there were some of the kind before.",
            LetterMetric.STATE,
            LetterMetric.FAILURE_CLASS),
    OLDEST_LETTER_AGE_MS(
            MetricKind.GAUGE,
            "ms",
            "How long ago the letter first failed that did so first of those kept; 0 without one."),
    OLDEST_LETTER_RETENTION_SHARE(
            MetricKind.GAUGE,
            "share",
            "For how much of the letter topic's retention the letter lies there that does so longest of those kept: from 1 on it"
                    + " may be deleted there. 0 without one, NaN where the retention has no end or is not known."),
    LETTERS_NEAR_RETENTION(
            MetricKind.GAUGE,
            "letters",
            "Letters that lie in the letter topic for the share of its retention after which they are warned of, or longer."),
    REDRIVES_TOTAL(MetricKind.TOTAL, "redrives", "Letters that were redriven in place.", LetterMetric.OUTCOME),
    BLOCKED_KEYS(
            MetricKind.GAUGE,
            "keys",
            "Keys of which later records wait behind a letter; a partition counts as one where it is that which keeps an order."),
    LONGEST_BLOCKED_SEQUENCE(MetricKind.GAUGE, "records", "The most records of one key that wait behind its letters.");

    /** The metrics' group. */
    public static final String GROUP = "semel-dead-letters";

    /** The tag that says in which {@link LetterState} they are, such as {@code open}. */
    public static final String STATE = "state";

    /**
     * The tag that says what they failed with: {@code none} where they never did. Failure classes that are seen when there are {@value
     * #MOST_CLASSES} already are {@code other}.
     */
    public static final String FAILURE_CLASS = "failure_class";

    /**
     * The tag that says how a redrive ended: {@code applied}, {@code duplicate}, {@code failed_again}, {@code skipped} by the filter or the
     * failure policy, {@code deferred}, {@code waiting} since it was not its turn, or {@code lost} where its bytes are not there any more.
     */
    public static final String OUTCOME = "outcome";

    /** So many failure classes are told apart. */
    public static final int MOST_CLASSES = 50;

    private final MetricKind kind;
    private final String unit;
    private final String description;
    private final List<String> tags;

    LetterMetric(MetricKind kind, String unit, String description, String... tags) {
        this.kind = kind;
        this.unit = unit;
        this.description = description;
        this.tags = List.of(tags);
    }

    /** The name, such as {@code letters-kept}. */
    public String metricName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public MetricKind kind() {
        return kind;
    }

    public String unit() {
        return unit;
    }

    /** One sentence, or two. */
    public String description() {
        return description;
    }

    /** The names of its tags, beside those of the processor. */
    public List<String> tags() {
        return tags;
    }
}
