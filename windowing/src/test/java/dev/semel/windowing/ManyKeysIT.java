package dev.semel.windowing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.testkit.FaultInjection.Moment;
import dev.semel.testkit.FaultInjection.Step;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import dev.semel.windowing.internal.streams.StateWriting;
import dev.semel.windowing.watermark.WatermarkStrategy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaClientSupplier;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Produced;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * One event closes a window that a great many keys are in: 50,000 in a plain build, a million with {@code -Dsemel.test.long=true
 * -Dtest.heap=3g}, or as many as {@code -Dsemel.test.keys} says.
 */
@KafkaTest
class ManyKeysIT {

    private static final int KEYS =
            Integer.getInteger("semel.test.keys", Boolean.getBoolean("semel.test.long") ? 1_000_000 : 50_000);
    private static final int CHUNK = 10_000;
    private static final Duration SIZE = Duration.ofMinutes(1);
    private static final Duration DISORDER = SIZE;
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    /** What Kafka Streams gives each transaction by default. */
    private static final Duration TRANSACTION = Duration.ofSeconds(10);

    @TempDir
    private Path directory;

    private final AtomicInteger results = new AtomicInteger();
    private final AtomicLong longestNanos = new AtomicLong();
    private final List<String> errors = Collections.synchronizedList(new ArrayList<>());

    /**
     * The thread that closes it dies in the middle of a slice, when others have been committed, and is replaced; half way another instance
     * goes on with an empty directory.
     */
    @ParameterizedTest
    @EnumSource(StateWriting.class)
    @Timeout(600)
    @DisplayName(
            "a great many keys in one window close in slices, within the transaction's time, once each through a crash between")
    void manyKeysInOneWindow(StateWriting writing, TestKafka kafka) {
        String in = kafka.topic("in");
        String out = kafka.topic("out");
        String application = kafka.group("many-keys");
        long begin = System.currentTimeMillis() - Duration.ofDays(2).toMillis();
        long start = begin - begin % SIZE.toMillis();
        send(kafka, in, start);
        kafka.send(List.of(
                new ProducerRecord<>(in, 0, start + 2 * SIZE.toMillis(), "closing".getBytes(UTF_8), new byte[0])));

        long beginNanos = System.nanoTime();
        run(kafka, topology(in, out, writing), application, "first", out, KEYS / 2);
        run(kafka, topology(in, out, writing), application, "second", out, KEYS);

        var seen = new BitSet();
        kafka.readCommitted(out, KEYS, PATIENCE).forEach(record -> {
            int key = Integer.parseInt(new String(record.key(), UTF_8));
            assertThat(seen.get(key)).as("seen twice: key " + key).isFalse();
            seen.set(key);
        });
        assertThat(seen.cardinality()).isEqualTo(KEYS);
        assertThat(errors).as("what the threads died of").hasSize(1).allMatch(error -> error.contains("injected"));
        assertThat(longestNanos).hasValueLessThan(TRANSACTION.toNanos());
        System.out.println(writing + ": " + KEYS + " keys in " + (System.nanoTime() - beginNanos) / 1_000_000
                + " ms, the longest transaction " + longestNanos.get() / 1_000_000 + " ms");
    }

    private static void send(TestKafka kafka, String in, long start) {
        for (int from = 0; from < KEYS; from += CHUNK) {
            var records = new ArrayList<ProducerRecord<byte[], byte[]>>();
            for (int key = from; key < Math.min(KEYS, from + CHUNK); key++) {
                records.add(new ProducerRecord<>(
                        in,
                        0,
                        start + key % SIZE.toMillis(),
                        Integer.toString(key).getBytes(UTF_8),
                        new byte[0]));
            }
            kafka.send(records);
        }
    }

    private Topology topology(String in, String out, StateWriting writing) {
        var builder = new StreamsBuilder();
        var windows = EventTimeWindows.of(
                        builder.stream(in, Consumed.with(Serdes.String(), Serdes.ByteArray())),
                        Grouped.with("many", Serdes.String(), Serdes.ByteArray()))
                .tumbling(SIZE)
                .watermarks(WatermarkStrategy.boundedOutOfOrderness(DISORDER));
        if (writing == StateWriting.BACK) {
            windows.writeBeforeCommit();
        }
        windows.count()
                .results()
                .peek((window, count) -> {
                    if (results.incrementAndGet() == KEYS / 3) {
                        throw new IllegalStateException("injected");
                    }
                })
                .map((window, count) -> KeyValue.pair(window.key(), count))
                .to(out, Produced.with(Serdes.String(), Serdes.Long()));
        return builder.build();
    }

    private void run(TestKafka kafka, Topology topology, String application, String state, String out, int until) {
        var config = WindowingApp.config(kafka.bootstrapServers(), application, directory.resolve(state));
        config.put(StreamsConfig.producerPrefix("transaction.timeout.ms"), (int) TRANSACTION.toMillis());
        config.put(StreamsConfig.consumerPrefix("max.poll.records"), 1_000);
        config.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 100);
        try (var streams = new KafkaStreams(topology, config, timing())) {
            streams.setUncaughtExceptionHandler(error -> {
                errors.add(error + ", since " + error.getCause());
                return StreamThreadExceptionResponse.REPLACE_THREAD;
            });
            streams.start();
            kafka.readCommitted(out, until, PATIENCE);
        }
    }

    /** Times transactions, from their begin to the answer to their commit. */
    private KafkaClientSupplier timing() {
        return WindowingApp.faulty(producer -> {
            var begun = new AtomicLong();
            return (step, moment, occurrence) -> {
                if (step == Step.BEGIN && moment == Moment.BEFORE) {
                    begun.set(System.nanoTime());
                } else if (step == Step.COMMIT && moment == Moment.AFTER) {
                    longestNanos.accumulateAndGet(System.nanoTime() - begun.get(), Math::max);
                }
            };
        });
    }
}
