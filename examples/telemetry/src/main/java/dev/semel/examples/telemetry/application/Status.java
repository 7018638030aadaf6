package dev.semel.examples.telemetry.application;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.jspecify.annotations.Nullable;

/**
 * What the application says of itself, from the metrics of its windows.
 *
 * @param state of Kafka Streams
 * @param watermark in milliseconds; null before there is one
 * @param marks how far each source has come, less the disorder that it is allowed; those of sources that have reported
 * @param openWindows windows with state
 * @param processed readings folded, heartbeats among them
 * @param late readings whose window had been closed
 * @param rejected readings not taken
 */
public record Status(
        String state,
        @Nullable Long watermark,
        Map<String, Long> marks,
        long openWindows,
        long processed,
        long late,
        long rejected) {

    private static final String GROUP = "semel-windowing";

    static Status of(String state, Map<MetricName, ? extends Metric> metrics) {
        Map<String, Double> numbers = new HashMap<>();
        Map<String, Long> marks = new TreeMap<>();
        // A copy: tasks add metrics as they come.
        List<Metric> all = new ArrayList<>(metrics.values());
        for (Metric metric : all) {
            MetricName name = metric.metricName();
            if (name.group().equals(GROUP) && metric.metricValue() instanceof Double value && !value.isNaN()) {
                if (name.name().equals("source-watermark")) {
                    marks.put(name.tags().getOrDefault("source", "?"), value.longValue());
                } else {
                    numbers.merge(name.name(), value, Double::sum);
                }
            }
        }
        Double watermark = numbers.get("watermark");
        return new Status(
                state,
                watermark == null ? null : watermark.longValue(),
                marks,
                number(numbers, "open-windows"),
                number(numbers, "processed-total"),
                number(numbers, "late-total"),
                number(numbers, "rejected-total"));
    }

    /** All that the windows have seen. */
    public long ingested() {
        return processed + late + rejected;
    }

    private static long number(Map<String, Double> numbers, String name) {
        return numbers.getOrDefault(name, 0.0).longValue();
    }
}
