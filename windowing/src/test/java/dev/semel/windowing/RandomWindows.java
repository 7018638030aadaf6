package dev.semel.windowing;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.semel.windowing.BatchWindows.Panes;
import dev.semel.windowing.engine.Emission;
import dev.semel.windowing.watermark.WatermarkStrategy;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.processor.api.ContextualFixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

/**
 * Settings of windows that a seed decides, so that another process can have the same; and the topology that they make.
 *
 * <p>What is computed has to be the same in whatever order tasks and threads come, or no computation apart from the run could know it.
 * Without {@code rekey} a task reads one partition, in the order of its offsets, and all of its sources are declared. Behind {@code
 * rekey} there are two cases: one partition before it, whose watermark each record brings along as it was before that record, so that
 * the order of the partition decides again; or several, whose order among each other nobody knows: then no event is later than the bound
 * of disorder, and so none is late, whatever the order is (case 37), and there are no panes.
 */
record RandomWindows(
        long seed,
        int partitions,
        int partitionsBehind,
        List<String> sources,
        Duration size,
        Duration advance,
        Duration offset,
        Duration disorder,
        Duration lateness,
        Panes panes,
        boolean isWrittenBack,
        boolean isInMemory,
        boolean isGuarded,
        int threads,
        long heap,
        int resultsPerCall) {

    static final String NAME = "random";
    static final String SOURCE = "source";
    static final Duration FUTURE = Duration.ofHours(1);

    /** The value of a record that is to have no key behind {@code rekey}. */
    static final String NO_KEY = "-";

    static RandomWindows of(long seed) {
        var random = new Random(seed);
        boolean isRekeyed = random.nextInt(3) == 0;
        int partitions = 1 + random.nextInt(3);
        int advance = 300 + random.nextInt(1_500);
        boolean isHopping = random.nextInt(3) == 0;
        Panes panes = random.nextBoolean() ? Panes.NONE : Panes.values()[random.nextInt(Panes.values().length)];
        return new RandomWindows(
                seed,
                partitions,
                isRekeyed ? 1 + random.nextInt(3) : 0,
                IntStream.range(0, 1 + random.nextInt(4))
                        .mapToObj(i -> "source " + i)
                        .toList(),
                Duration.ofMillis(isHopping ? advance * 2L + random.nextInt(advance) : advance),
                Duration.ofMillis(advance),
                Duration.ofMillis(random.nextInt(advance)),
                Duration.ofMillis(random.nextInt(400)),
                Duration.ofMillis(random.nextInt(3) == 0 ? 0 : random.nextInt(1_000)),
                isRekeyed && partitions > 1 ? Panes.NONE : panes,
                random.nextBoolean(),
                random.nextBoolean(),
                random.nextBoolean(),
                1 + random.nextInt(2),
                random.nextBoolean() ? 20_000 : 64 << 20,
                random.nextBoolean() ? 3 + random.nextInt(50) : 10_000);
    }

    boolean isRekeyed() {
        return partitionsBehind > 0;
    }

    /** Whether the order of records of different partitions would decide what is late. */
    boolean isLatenessUnknown() {
        return isRekeyed() && partitions > 1;
    }

    /** Computes windows of each partition, or of all, whichever is known. */
    List<BatchWindows> batches() {
        return IntStream.range(0, isLatenessUnknown() ? 1 : partitions)
                .mapToObj(i -> new BatchWindows(size, advance, offset, disorder, lateness, panes, clocks()))
                .toList();
    }

    /** Each source has a clock in each partition; where all partitions are computed as one, each is waited for. */
    private Set<String> clocks() {
        return isLatenessUnknown()
                ? IntStream.range(0, partitions)
                        .boxed()
                        .flatMap(partition -> sources.stream().map(source -> clock(partition, source)))
                        .collect(Collectors.toSet())
                : Set.copyOf(sources);
    }

    String clock(int partition, String source) {
        return isLatenessUnknown() ? source + " in " + partition : source;
    }

    /** Where the test makes something go wrong. Called by the threads of the application. */
    interface Faults {

        Faults NONE = step -> {};

        void at(Step step);

        /** A step of the work of a task. */
        enum Step {
            /** A value is being folded. */
            FOLD,
            /** A result is being forwarded: by a record, or by a tick. */
            FORWARD,
            /** An accumulator is being written: at once, or before the commit. */
            WRITE,
            /** A tick has nearly come to its end. */
            TICK
        }
    }

    /** The topics that a run reads and writes. */
    record Topics(String in, String results, String late) {}

    Topology topology(Topics topics, Faults faults) {
        var builder = new StreamsBuilder();
        KStream<String, String> in = builder.stream(topics.in(), Consumed.with(Serdes.String(), Serdes.String()));
        var windows = EventTimeWindows.of(in, Grouped.with(NAME, Serdes.String(), Serdes.String()))
                .sources(SourceExtractor.header(SOURCE))
                .declare(sources.toArray(String[]::new))
                .watermarks(WatermarkStrategy.boundedOutOfOrderness(disorder).withTicks(Duration.ofMillis(50)))
                .timestamps((key, value) -> Long.parseLong(part(value, 2)))
                .hopping(size, advance)
                .offset(offset)
                .allowedLateness(lateness)
                .emission(emission())
                .heap(heap)
                .resultsPerCall(resultsPerCall)
                .reports(report -> faults.at(Faults.Step.TICK));
        if (isGuarded) {
            windows.futureGuard(FUTURE);
        }
        if (isWrittenBack) {
            windows.writeBeforeCommit();
        }
        var counts = (isRekeyed()
                        ? windows.rekey(RandomWindows::newKey, Serdes.String(), partitions, partitionsBehind)
                        : windows)
                .aggregate(
                        () -> 0L,
                        (key, value, count) -> {
                            faults.at(Faults.Step.FOLD);
                            return count + 1;
                        },
                        materialized(faults));
        counts.results()
                .processValues(() -> new Named(faults))
                .map((window, text) -> KeyValue.pair(window.key(), text))
                .to(topics.results(), Produced.with(Serdes.String(), Serdes.String()));
        counts.late().to(topics.late(), Produced.with(Serdes.String(), Serdes.String()));
        return builder.build();
    }

    private Emission emission() {
        return switch (panes) {
            case NONE -> Emission.onClose();
            case ACCUMULATING -> Emission.inPanes();
            case DISCARDING -> Emission.inPanes().discarding();
        };
    }

    private Materialized<String, Long, KeyValueStore<Bytes, byte[]>> materialized(Faults faults) {
        Serde<Long> serde = Serdes.serdeFrom(
                (topic, count) -> {
                    faults.at(Faults.Step.WRITE);
                    return Serdes.Long().serializer().serialize(topic, count);
                },
                Serdes.Long().deserializer());
        return (isInMemory
                        ? Materialized.<String, Long>as(Stores.inMemoryKeyValueStore(NAME + "-windows"))
                        : Materialized.<String, Long>as(Stores.persistentKeyValueStore(NAME + "-windows")))
                .withKeySerde(Serdes.String())
                .withValueSerde(serde);
    }

    static String part(String value, int index) {
        return value.split("\\|")[index];
    }

    private static @Nullable String newKey(String key, String value) {
        String newKey = part(value, 1);
        return newKey.equals(NO_KEY) ? null : newKey;
    }

    /** Writes what a result is, with its kind and the index of its pane. */
    private static final class Named extends ContextualFixedKeyProcessor<Windowed<String>, Long, String> {

        private final Faults faults;

        Named(Faults faults) {
            this.faults = faults;
        }

        @Override
        public void process(FixedKeyRecord<Windowed<String>, Long> record) {
            faults.at(Faults.Step.FORWARD);
            Header kind = record.headers().lastHeader(WindowHeaders.PANE_KIND);
            String shown = kind == null
                    ? "FINAL"
                    : new String(kind.value(), UTF_8) + " "
                            + new String(
                                    record.headers()
                                            .lastHeader(WindowHeaders.PANE_INDEX)
                                            .value(),
                                    UTF_8);
            Windowed<String> window = record.key();
            context()
                    .forward(record.withValue(BatchWindows.result(
                            window.key(),
                            window.window().start(),
                            window.window().end(),
                            record.value(),
                            shown)));
        }
    }
}
