package dev.semel.dlq.internal.keep;

import dev.semel.core.participant.ParticipantMetric;
import dev.semel.dlq.LetterMetric;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleSupplier;

/** What is kept as metrics. Kinds that were seen once are shown from then on, so that their end is seen too. Thread-safe. */
final class LetterMetrics {

    private static final String OTHER = "other";

    private final Totals totals;
    private final Set<String> classes = new HashSet<>();
    private final Set<Summary.Kind> seen = new HashSet<>();

    LetterMetrics(Totals totals) {
        this.totals = totals;
    }

    /**
     * All of them, as it is now.
     *
     * @param near how many letters are near the end of their time in their topic
     */
    synchronized List<ParticipantMetric> of(Summary summary, LetterTopic topic, long near, long nowMillis) {
        var metrics = new ArrayList<ParticipantMetric>();
        metrics.add(metric(LetterMetric.LETTERS_PUBLISHED_TOTAL, Map.of(), totals::published));
        metrics.add(metric(LetterMetric.LETTERS_REWRITTEN_TOTAL, Map.of(), totals::rewritten));
        kept(summary)
                .forEach((kind, count) -> metrics.add(metric(
                        LetterMetric.LETTERS_KEPT,
                        Map.of(
                                LetterMetric.STATE, lowerCase(kind.state()),
                                LetterMetric.FAILURE_CLASS, kind.failureClass()),
                        () -> count)));
        long age = age(summary.failedFirstMillis(), nowMillis);
        metrics.add(metric(LetterMetric.OLDEST_LETTER_AGE_MS, Map.of(), () -> age));
        double share = topic.isUnlimited()
                ? Double.NaN
                : (double) age(summary.publishedFirstMillis(), nowMillis) / Math.max(1, topic.retentionMillis());
        metrics.add(metric(LetterMetric.OLDEST_LETTER_RETENTION_SHARE, Map.of(), () -> share));
        metrics.add(metric(LetterMetric.LETTERS_NEAR_RETENTION, Map.of(), () -> near));
        for (Totals.Outcome outcome : Totals.Outcome.values()) {
            metrics.add(metric(
                    LetterMetric.REDRIVES_TOTAL,
                    Map.of(LetterMetric.OUTCOME, lowerCase(outcome)),
                    () -> totals.redriven(outcome)));
        }
        metrics.add(metric(LetterMetric.BLOCKED_KEYS, Map.of(), summary::blocked));
        metrics.add(metric(LetterMetric.LONGEST_BLOCKED_SEQUENCE, Map.of(), summary::longest));
        return metrics;
    }

    private Map<Summary.Kind, Long> kept(Summary summary) {
        Map<Summary.Kind, Long> kept = new HashMap<>();
        summary.kept().forEach((kind, count) -> {
            var shown = new Summary.Kind(kind.state(), shown(kind.failureClass()));
            seen.add(shown);
            kept.merge(shown, count, Long::sum);
        });
        seen.forEach(kind -> kept.putIfAbsent(kind, 0L));
        return kept;
    }

    /** Failure classes are the users' own, and a metric for each of very many would be too much. */
    private String shown(String failureClass) {
        if (!failureClass.equals(Summary.NO_FAILURE)
                && !classes.contains(failureClass)
                && (classes.size() >= LetterMetric.MOST_CLASSES || !classes.add(failureClass))) {
            return OTHER;
        }
        return failureClass;
    }

    private static long age(long sinceMillis, long nowMillis) {
        return sinceMillis == Summary.NEVER ? 0 : Math.max(0, nowMillis - sinceMillis);
    }

    private static String lowerCase(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static ParticipantMetric metric(LetterMetric metric, Map<String, String> tags, DoubleSupplier value) {
        return new ParticipantMetric(LetterMetric.GROUP, metric.metricName(), metric.description(), tags, value);
    }
}
