package dev.semel.windowing;

import static java.util.Objects.requireNonNull;

import dev.semel.windowing.internal.streams.HeaderSource;
import dev.semel.windowing.internal.streams.SourceReader;
import dev.semel.windowing.watermark.SourceKind;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * Says whose clock the time of an event is of. Each source has a mark of its own, and the least of them is the watermark.
 *
 * <p>Immutable, and for any number of threads, if the function of {@link #value} is.
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values
 */
public final class SourceExtractor<K extends @Nullable Object, V extends @Nullable Object> {

    private final SourceKind kind;
    private final Set<String> topics;
    private final Supplier<SourceReader<K, V>> readers;

    private SourceExtractor(SourceKind kind, Set<String> topics, Supplier<SourceReader<K, V>> readers) {
        this.kind = kind;
        this.topics = topics;
        this.readers = readers;
    }

    /**
     * By a header, which is a text in UTF-8, such as {@code ce_source} of CloudEvents. The last one of this name counts.
     *
     * @throws IllegalArgumentException if the name is blank
     */
    public static <K extends @Nullable Object, V extends @Nullable Object> SourceExtractor<K, V> header(String name) {
        if (name.isBlank()) {
            throw new IllegalArgumentException("the name of the header of the source is blank: name one");
        }
        return new SourceExtractor<>(SourceKind.ID, Set.of(), () -> new HeaderSource<>(name));
    }

    /**
     * By what the value says.
     *
     * @param source gives null where there is none. It is called with records that have no value too, and by a sorter and before {@code
     *     rekey} with those that have no key. What it throws goes to the topology's handler of processing exceptions, after the record
     *     has been counted as rejected
     */
    public static <K extends @Nullable Object, V extends @Nullable Object> SourceExtractor<K, V> value(
            BiFunction<? super K, ? super V, @Nullable String> source) {
        requireNonNull(source, "source");
        return new SourceExtractor<>(
                SourceKind.ID,
                Set.of(),
                () -> (Record<K, V> record, String input) -> source.apply(record.key(), record.value()));
    }

    /**
     * By the partition that a record is read from. It is the default, with no topics named.
     *
     * @param topics that are read: their partitions are waited for from the beginning. A partition of others is known from its first
     *     record on, which is the same where there is only one topic
     */
    public static <K extends @Nullable Object, V extends @Nullable Object> SourceExtractor<K, V> partition(
            String... topics) {
        return new SourceExtractor<>(
                SourceKind.PARTITION, Set.of(topics), () -> (Record<K, V> record, String input) -> input);
    }

    /**
     * Says what is read, where sources are ids: while something lies unread there, no source is idle, also before the first record has
     * come. It is needed only where {@code lag(...)} is given by hand, since {@link LagReporter} knows what is read.
     *
     * @param names of all topics that are read
     * @throws IllegalStateException if sources are partitions, which {@link #partition} gets the topics of
     */
    public SourceExtractor<K, V> readFrom(String... names) {
        if (kind == SourceKind.PARTITION) {
            throw new IllegalStateException(
                    "readFrom(...) is for sources that are ids: give the topics to partition(...)");
        }
        return new SourceExtractor<>(kind, Set.of(names), readers);
    }

    SourceKind kind() {
        return kind;
    }

    Set<String> topics() {
        return topics;
    }

    Supplier<SourceReader<K, V>> readers() {
        return readers;
    }
}
