package dev.semel.windowing.internal.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.windowing.aggregate.Aggregates;
import dev.semel.windowing.engine.MissingSource;
import dev.semel.windowing.engine.WindowAssigner;
import dev.semel.windowing.engine.WindowEngine;
import dev.semel.windowing.watermark.InputLag;
import dev.semel.windowing.watermark.SourceKind;
import dev.semel.windowing.watermark.WatermarkStrategy;
import java.io.File;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is waited for behind a repartitioning: partitions before it and one behind, whose tasks see each other's records. */
class IdlePartitionsBeforeTest {

    private static final long NOW = 1_000_000_000;

    private static <KIn, VIn> MockProcessorContext<KIn, VIn> context(int partition, String... stores) {
        var context = new MockProcessorContext<KIn, VIn>(new Properties(), new TaskId(0, partition), new File("."));
        context.setCurrentSystemTimeMs(NOW);
        for (String name : stores) {
            KeyValueStore<Bytes, byte[]> store = Stores.keyValueStoreBuilder(
                            Stores.inMemoryKeyValueStore(name), Serdes.Bytes(), Serdes.ByteArray())
                    .withLoggingDisabled()
                    .withCachingDisabled()
                    .build();
            store.init(context.getStateStoreContext(), store);
            context.addStateStore(store);
        }
        return context;
    }

    private static final Duration IDLENESS = Duration.ofMinutes(2);

    /** A partition before. */
    private static final class Before {

        final MockProcessorContext<Object, String> context;
        final RekeyProcessor<String, String, String> processor;
        long unread = 1_000;
        long now = NOW;

        Before(int partition) {
            context = context(partition, "control");
            processor = new RekeyProcessor<>(new RekeySettings<String, String, String>(
                    "w-rekey",
                    "control",
                    null,
                    (key, value) -> key,
                    2,
                    () -> timestamp -> true,
                    WatermarkStrategy.boundedOutOfOrderness(Duration.ZERO).withIdleness(IDLENESS),
                    SourceKind.ID,
                    () -> new HeaderSource<>("source"),
                    Set.of(),
                    Set.of("events"),
                    MissingSource.DEFAULT_SOURCE,
                    null,
                    null,
                    input -> unread));
            processor.init(context);
        }

        void send(String source, long timestamp) {
            context.setRecordMetadata("events", context.taskId().partition(), 0);
            processor.process(new Record<>(
                    "k",
                    Long.toString(timestamp),
                    timestamp,
                    new RecordHeaders().add("source", source.getBytes(UTF_8))));
        }

        void tick() {
            now += 1_000;
            context.setCurrentSystemTimeMs(now);
            context.scheduledPunctuators().get(0).getPunctuator().punctuate(now);
        }

        void ticks(Duration time) {
            for (long second = 0; second < time.toSeconds(); second++) {
                tick();
            }
        }

        List<Record<Object, String>> taken() {
            var records = new ArrayList<Record<Object, String>>();
            context.forwarded()
                    .forEach(captured -> records.add(new Record<>(
                            captured.record().key(),
                            captured.record().value(),
                            captured.record().timestamp(),
                            new RecordHeaders(captured.record().headers()))));
            context.resetForwards();
            return records;
        }

        /** Whether the last marker says that nobody there is waited for. */
        boolean isIdle() {
            boolean isIdle = false;
            for (var record : taken()) {
                isIdle = record.key() instanceof Marker marker ? marker.isIdle() : isIdle;
            }
            return isIdle;
        }
    }

    /** The partition behind. */
    private static final class Behind {

        final MockProcessorContext<Object, Object> context = context(0, "w-windows", "w-control");
        final RekeyedWindowProcessor<String, String, Long> processor;
        final AtomicLong watermark = new AtomicLong();

        Behind(WatermarkStrategy strategy) {
            processor = new RekeyedWindowProcessor<>(new WindowSettings<>(
                    "w",
                    false,
                    "w-windows",
                    "w-control",
                    null,
                    (state, control, stored, sink, lag, now) -> WindowEngine.<String, String, Long>of(
                                    WindowAssigner.tumbling(Duration.ofMillis(10)), Aggregates.count())
                            .sources(SourceKind.PARTITION)
                            .watermarks(strategy)
                            .lag(lag)
                            .start(state.windows(stored), control, stored, sink, now),
                    () -> (record, input) -> input,
                    SourceKind.PARTITION,
                    Set.of(),
                    Set.of(),
                    null,
                    Serdes.String(),
                    Serdes.Long(),
                    InputLag.none(),
                    Duration.ofSeconds(1),
                    null,
                    (task, engine, now) -> watermark.set(engine.watermark()),
                    1 << 20,
                    "results",
                    "late"));
            processor.init(context);
            context.setRecordMetadata("repartition", 0, 0);
        }

        @SafeVarargs
        final Behind take(List<Record<Object, String>>... records) {
            for (List<Record<Object, String>> some : records) {
                some.forEach(processor::process);
            }
            return this;
        }

        long watermark() {
            context.scheduledPunctuators().get(0).getPunctuator().punctuate(NOW);
            return watermark.get();
        }
    }

    @Test
    void aPartitionThatHasReadNothingYetIsNotIdle() {
        var before = new Before(0);
        before.send("a", 5);
        assertThat(((Marker) before.taken().get(0).key()).isIdle())
                .as("idle: nothing has been read, 1,000 records lie unread, and the idleness is two minutes")
                .isFalse();
    }

    @Test
    void aPartitionOfWhichNothingIsLeftUnreadIsIdleAfterTheWholeTime() {
        var before = new Before(0);
        before.ticks(IDLENESS.multipliedBy(2));
        assertThat(before.isIdle()).as("with 1,000 records unread").isFalse();
        before.unread = 0;
        before.ticks(IDLENESS.minusSeconds(1));
        assertThat(before.isIdle()).as("before the time is over").isFalse();
        before.ticks(Duration.ofSeconds(2));
        assertThat(before.isIdle()).as("after it").isTrue();
    }

    /** One partition is a little ahead of the other when an application starts for the first time. */
    @Test
    void thePartitionThatIsReadSecondIsNotLate() {
        var behind = new Behind(WatermarkStrategy.fromUpstream());
        var first = new Before(0);
        var second = new Before(1);
        // Both begin; a tick goes by while neither has read anything.
        first.tick();
        second.tick();
        behind.take(first.taken(), second.taken());
        first.send("a", 5);
        first.send("a", 1_000);
        first.send("a", 1_005);
        behind.take(first.taken());
        second.send("b", 5);
        behind.take(second.taken());
        assertThat(behind.context.forwarded("late"))
                .as("late records of the second partition")
                .isEmpty();
    }

    /** Its watermark is not known yet, and so its stamps say no more than its marker did. */
    @Test
    void theFirstRecordOfAnIdlePartitionMakesItOneThatIsWaitedFor() {
        var behind = new Behind(WatermarkStrategy.fromUpstream());
        var first = new Before(0);
        var second = new Before(1);
        second.unread = 0;
        first.tick();
        second.ticks(IDLENESS.plusSeconds(1));
        first.send("a", 5);
        behind.take(first.taken(), second.taken());
        first.send("a", 25);
        first.send("a", 30);
        behind.take(first.taken());
        assertThat(behind.watermark()).as("the second is idle").isEqualTo(25);
        second.send("b", 5);
        behind.take(second.taken());
        first.send("a", 1_000);
        first.send("a", 1_005);
        behind.take(first.taken());
        assertThat(behind.watermark()).as("the second has come").isEqualTo(25);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    @DisplayName(
            "case 26: when all partitions before are idle, the watermark moves to the furthest, whoever says so last")
    void allAreIdle(int last) {
        long[] flushedTo = {100, 50};
        var flushing = new Behind(WatermarkStrategy.fromUpstream().withFlushWhenAllIdle());
        var standing = new Behind(WatermarkStrategy.fromUpstream());
        for (Behind behind : List.of(flushing, standing)) {
            for (int partition : new int[] {1 - last, last}) {
                var marker = new Marker(partition, 2, flushedTo[partition], true);
                behind.take(List.of(new Record<>(marker, null, 0, new RecordHeaders())));
            }
        }
        assertThat(flushing.watermark()).isEqualTo(100);
        assertThat(standing.watermark()).as("where the last one took it").isEqualTo(flushedTo[last]);
    }
}
