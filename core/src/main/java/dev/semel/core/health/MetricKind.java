package dev.semel.core.health;

import java.util.Locale;

/** How a metric moves. */
public enum MetricKind {

    /** Only grows, from 0 at the start of the processor. */
    TOTAL,

    /** Goes up and down. */
    GAUGE;

    static String metricName(Enum<?> metric) {
        return metric.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
