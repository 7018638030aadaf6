package dev.semel.windowing;

import dev.semel.testkit.BrokerProcess;
import dev.semel.testkit.TestKafka;
import dev.semel.windowing.watermark.WatermarkStrategy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.EmitStrategy;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Suppressed;
import org.apache.kafka.streams.kstream.TimeWindows;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.kstream.WindowedSerdes;
import org.apache.kafka.streams.state.BuiltInDslStoreSuppliers;
import org.apache.kafka.streams.state.DslStoreSuppliers;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.WindowStore;
import org.awaitility.Awaitility;

/**
 * A million events over ten minutes, 10,000 keys, 4 partitions, up to 5 s of disorder; counts by minute, with 5 s of lateness: ours and
 * Kafka Streams' own, on a broker in a process of its own. Records a second, and how many of the 90,000 results are there.
 *
 * <pre>{@code
 * java -cp ... dev.semel.windowing.WorkloadW [contestant ...]
 * }</pre>
 */
public final class WorkloadW {

    private static final int EVENTS = 1_000_000;
    private static final int PARTITIONS = 4;
    private static final int KEYS = 10_000;
    private static final Duration SIZE = Duration.ofMinutes(1);
    private static final Duration LATENESS = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Map<String, String> FOR_EVER = Map.of("retention.ms", "-1");

    private WorkloadW() {}

    private static Map<String, BiConsumer<KStream<String, byte[]>, String>> contestants() {
        var all = new LinkedHashMap<String, BiConsumer<KStream<String, byte[]>, String>>();
        all.put("semel, rocksdb", (stream, out) -> semel(stream, out, BuiltInDslStoreSuppliers.ROCKS_DB, false));
        all.put("semel, memory", (stream, out) -> semel(stream, out, BuiltInDslStoreSuppliers.IN_MEMORY, false));
        all.put("semel back, rocksdb", (stream, out) -> semel(stream, out, BuiltInDslStoreSuppliers.ROCKS_DB, true));
        all.put("semel back, memory", (stream, out) -> semel(stream, out, BuiltInDslStoreSuppliers.IN_MEMORY, true));
        all.put("streams suppress", WorkloadW::suppress);
        all.put("streams on close, memory", WorkloadW::onClose);
        return all;
    }

    private static void semel(KStream<String, byte[]> stream, String out, DslStoreSuppliers stores, boolean isBack) {
        var windows = EventTimeWindows.of(stream, Grouped.with("w", Serdes.String(), Serdes.ByteArray()))
                .tumbling(SIZE)
                .watermarks(WatermarkStrategy.boundedOutOfOrderness(Duration.ZERO))
                .allowedLateness(LATENESS);
        if (isBack) {
            windows.writeBeforeCommit();
        }
        windows.count(Materialized.<String, Long, KeyValueStore<Bytes, byte[]>>with(Serdes.String(), Serdes.Long())
                        .withStoreType(stores))
                .results()
                .to(out, produced());
    }

    private static void suppress(KStream<String, byte[]> stream, String out) {
        stream.groupByKey(Grouped.with("w", Serdes.String(), Serdes.ByteArray()))
                .windowedBy(TimeWindows.ofSizeAndGrace(SIZE, LATENESS))
                .count(Materialized.with(Serdes.String(), Serdes.Long()))
                .suppress(Suppressed.untilWindowCloses(Suppressed.BufferConfig.unbounded()))
                .toStream()
                .to(out, produced());
    }

    private static void onClose(KStream<String, byte[]> stream, String out) {
        stream.groupByKey(Grouped.with("w", Serdes.String(), Serdes.ByteArray()))
                .windowedBy(TimeWindows.ofSizeAndGrace(SIZE, LATENESS))
                .emitStrategy(EmitStrategy.onWindowClose())
                .count(Materialized.<String, Long, WindowStore<Bytes, byte[]>>with(Serdes.String(), Serdes.Long())
                        .withStoreType(BuiltInDslStoreSuppliers.IN_MEMORY))
                .toStream()
                .to(out, produced());
    }

    private static Produced<Windowed<String>, Long> produced() {
        return Produced.with(WindowedSerdes.timeWindowedSerdeFrom(String.class, SIZE.toMillis()), Serdes.Long());
    }

    private static void produce(TestKafka kafka, String topic) {
        var random = new Random(7);
        long begin = System.currentTimeMillis() - Duration.ofDays(1).toMillis();
        begin -= begin % SIZE.toMillis();
        long span = Duration.ofMinutes(10).toMillis();
        var batch = new ArrayList<ProducerRecord<byte[], byte[]>>();
        for (int i = 0; i < EVENTS; i++) {
            long timestamp = begin + span * i / EVENTS - random.nextInt((int) LATENESS.toMillis());
            int key = random.nextInt(KEYS);
            byte[] bytes = ("key-" + key).getBytes(StandardCharsets.UTF_8);
            batch.add(new ProducerRecord<>(
                    topic,
                    key % PARTITIONS,
                    Math.max(begin, timestamp),
                    bytes,
                    ByteBuffer.allocate(8).putLong(i).array()));
            if (batch.size() == 20_000) {
                kafka.send(batch);
                batch.clear();
            }
        }
    }

    private static void run(
            TestKafka kafka, String events, String name, BiConsumer<KStream<String, byte[]>, String> contestant)
            throws IOException {
        String out = kafka.topic("out-" + name.replaceAll("[^a-z0-9]+", "-"), PARTITIONS, FOR_EVER);
        String application = kafka.group("app-" + name.replaceAll("[^a-z0-9]+", "-"));
        var builder = new StreamsBuilder();
        var began = new AtomicLong();
        contestant.accept(
                builder.stream(events, Consumed.with(Serdes.String(), Serdes.ByteArray()))
                        .peek((key, value) -> {
                            if (began.get() == 0) {
                                began.set(System.nanoTime());
                            }
                        }),
                out);
        var config = new Properties();
        config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers());
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, application);
        Path state = Files.createTempDirectory("semel-workload-w-");
        config.put(StreamsConfig.STATE_DIR_CONFIG, state.toString());
        config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        config.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 100);
        try (var streams = new KafkaStreams(builder.build(), config)) {
            streams.start();
            Awaitility.await()
                    .pollInterval(Duration.ofMillis(20))
                    .atMost(PATIENCE)
                    .until(() -> kafka.committedOffsets(application, events).values().stream()
                                    .mapToLong(OffsetAndMetadata::offset)
                                    .sum()
                            >= EVENTS);
            double seconds = (System.nanoTime() - began.get()) / 1e9;
            streams.close(Duration.ofSeconds(30));
            System.out.printf("%-34s %,9.0f records/s %,8d results%n", name, EVENTS / seconds, results(kafka, out));
        }
        try (var files = Files.walk(state)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(java.io.File::delete);
        }
    }

    private static int results(TestKafka kafka, String out) {
        var config = new HashMap<>(kafka.clientConfig());
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        try (var consumer = new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = IntStream.range(0, PARTITIONS)
                    .mapToObj(partition -> new TopicPartition(out, partition))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            int count = 0;
            for (int empty = 0; empty < 3; ) {
                int read = consumer.poll(Duration.ofMillis(500)).count();
                count += read;
                empty = read == 0 ? empty + 1 : 0;
            }
            return count;
        }
    }

    public static void main(String[] args) throws Exception {
        var wanted = List.of(args);
        try (BrokerProcess broker = BrokerProcess.builder().heap("1g").start();
                TestKafka kafka = TestKafka.connect(broker.bootstrapServers(), "workload-w")) {
            String events = kafka.topic("events", PARTITIONS, FOR_EVER);
            produce(kafka, events);
            for (int round = 0; round < 3; round++) {
                for (var contestant : contestants().entrySet()) {
                    if (wanted.isEmpty() || wanted.contains(contestant.getKey())) {
                        run(kafka, events, contestant.getKey() + " " + round, contestant.getValue());
                    }
                }
            }
        }
    }
}
