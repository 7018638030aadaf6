package dev.semel.windowing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/** A sorter or a resequencer in a topology without a broker: {@code events} in, and a topic for each stream that comes out. */
final class OrderDriver implements AutoCloseable {

    private final TopologyTestDriver driver;
    private final TestInputTopic<String, String> events;
    private final Map<String, TestOutputTopic<String, String>> outputs = new HashMap<>();

    OrderDriver(Topology topology) {
        this(topology, WindowsDriver.config());
    }

    /** One whose topology passes over records that something throws on. */
    static OrderDriver passingOver(Topology topology) {
        return new OrderDriver(topology, WindowsDriver.passingOver(WindowsDriver.config()));
    }

    private OrderDriver(Topology topology, Properties config) {
        config.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
        driver = new TopologyTestDriver(topology, config, WindowsDriver.NOW);
        events = driver.createInputTopic("events", new StringSerializer(), new StringSerializer());
    }

    /** With the source in a header, and the time as value unless there is another. */
    void send(@Nullable String source, @Nullable String key, long timestamp, @Nullable String value) {
        var headers = new RecordHeaders();
        if (source != null) {
            headers.add(WindowsDriver.SOURCE, source.getBytes(UTF_8));
        }
        events.pipeInput(new TestRecord<>(key, value, headers, timestamp));
    }

    /** Tick by tick: an hour that passes at once is one in which the thread stood still. */
    void passes(Duration time) {
        for (Duration left = time; !left.isZero(); left = left.minusSeconds(1)) {
            driver.advanceWallClockTime(Duration.ofSeconds(1));
        }
    }

    private TestOutputTopic<String, String> output(String topic) {
        return outputs.computeIfAbsent(
                topic, name -> driver.createOutputTopic(name, new StringDeserializer(), new StringDeserializer()));
    }

    /** What has come there since last asked. */
    List<TestRecord<String, String>> records(String topic) {
        return output(topic).readRecordsToList();
    }

    /** Values of what has come there since last asked. */
    List<String> values(String topic) {
        return output(topic).readValuesToList();
    }

    double metric(String name) {
        var values = driver.metrics().entrySet().stream()
                .filter(entry -> entry.getKey().group().equals("semel-windowing"))
                .filter(entry -> entry.getKey().name().equals(name))
                .map(entry -> (double) entry.getValue().metricValue())
                .toList();
        if (values.size() != 1) {
            throw new AssertionError("metric " + name + " is there " + values.size() + " times");
        }
        return values.get(0);
    }

    /** How many entries a store has. */
    @SuppressWarnings("unchecked")
    int stored(String name) {
        var store = (KeyValueStore<Object, Object>) driver.getAllStateStores().get(name);
        int entries = 0;
        try (var all = store.all()) {
            for (; all.hasNext(); all.next()) {
                entries++;
            }
        }
        return entries;
    }

    @Override
    public void close() {
        driver.close();
    }
}
