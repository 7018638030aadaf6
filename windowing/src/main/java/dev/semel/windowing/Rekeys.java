package dev.semel.windowing;

import dev.semel.windowing.internal.streams.EventTimestamps;
import dev.semel.windowing.internal.streams.RekeySettings;
import dev.semel.windowing.internal.streams.StateWriting;
import org.jspecify.annotations.Nullable;

/** What windows have been told before their keys are changed. */
final class Rekeys {

    private Rekeys() {}

    static <K, V extends @Nullable Object, R> RekeySettings<K, V, R> settings(
            Windowing<K, V, ?> windowing, KeyMapper<K, V, R> mapper, int partitionsBefore) {
        SourceExtractor<K, V> sources = windowing.extractor();
        EventTime<K, V> eventTime = windowing.eventTime();
        EventTimestamps<K, V> timestamps = eventTime == null ? null : eventTime::timestamp;
        return new RekeySettings<>(
                windowing.name + "-rekey",
                windowing.name + "-rekey-control",
                windowing.writing() == StateWriting.BACK ? windowing.name + "-rekey-commits" : null,
                mapper::key,
                partitionsBefore,
                windowing.placements(),
                windowing.strategy(),
                sources.kind(),
                sources.readers(),
                windowing.declared(),
                sources.topics(),
                windowing.missing(),
                timestamps,
                windowing.futureBound(),
                windowing.inputLag());
    }
}
