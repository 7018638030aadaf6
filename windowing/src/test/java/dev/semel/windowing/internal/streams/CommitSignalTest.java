package dev.semel.windowing.internal.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** How Kafka Streams lets a processor write before a commit. If one of these fails, windows must not wait for commits with this Kafka. */
class CommitSignalTest {

    private static final String STORE = "commits";

    private final List<String> steps = new ArrayList<>();

    @Test
    @DisplayName("what is on the heap is asked for after a record, and is in the changelog when its transaction ends")
    void beforeTheCommit() {
        assertThat(changes(StateBuilder.commits(STORE), 10 << 20)).containsExactly("k=1", "k=2");
        assertThat(steps)
                .containsExactly("processed 1", "turn over", "written 1", "processed 2", "turn over", "written 2");
    }

    @Test
    @DisplayName("where the cache has no room, it is asked for before the record's turn is over")
    void noRoomInTheCache() {
        assertThat(changes(StateBuilder.commits(STORE), 0)).containsExactly("k=1", "k=2");
        assertThat(steps)
                .containsExactly("processed 1", "written 1", "turn over", "processed 2", "written 2", "turn over");
    }

    @Test
    @DisplayName("a store that does not take the question leaves each change to be written at once")
    void notToBeAsked() {
        StoreBuilder<?> other = Stores.keyValueStoreBuilder(
                        Stores.inMemoryKeyValueStore(STORE), Serdes.Bytes(), Serdes.ByteArray())
                .withCachingEnabled();
        assertThat(changes(other, 10 << 20)).containsExactly("k=1", "k=2");
        assertThat(steps)
                .containsExactly("processed 1", "written 1", "turn over", "processed 2", "written 2", "turn over");
    }

    private List<String> changes(StoreBuilder<?> commits, long cacheBytes) {
        var config = new Properties();
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, "app");
        config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "nobody:1");
        config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        config.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, cacheBytes);
        var topology = new Topology()
                .addSource("in", Serdes.String().deserializer(), Serdes.String().deserializer(), "in")
                .addProcessor("keeping", () -> new Keeping(steps), "in")
                .addStateStore(StateBuilder.plain(Stores.inMemoryKeyValueStore("kept"), Map.of()), "keeping")
                .addStateStore(commits, "keeping");
        try (var driver = new TopologyTestDriver(topology, config)) {
            var in = driver.createInputTopic("in", new StringSerializer(), new StringSerializer());
            in.pipeInput("k", "1");
            in.pipeInput("k", "2");
            return driver
                    .createOutputTopic("app-kept-changelog", new StringDeserializer(), new StringDeserializer())
                    .readKeyValuesToList()
                    .stream()
                    .map(change -> change.key + "=" + change.value)
                    .toList();
        }
    }

    /** Has what it is given on the heap until it is asked to write. */
    private static final class Keeping extends ContextualProcessor<String, String, Void, Void> {

        private final List<String> steps;
        private final List<Record<String, String>> waiting = new ArrayList<>();

        Keeping(List<String> steps) {
            this.steps = steps;
        }

        private CommitSignal commits = CommitSignal.none();
        private StateBytes kept =
                new StateBytes(Stores.inMemoryKeyValueStore("none").get(), commits);

        @Override
        public void init(ProcessorContext<Void, Void> context) {
            super.init(context);
            commits = CommitSignal.of(context.getStateStore(STORE));
            kept = StateBytes.of(context.getStateStore("kept"), commits);
            commits.beforeCommit(this::write);
        }

        private void write() {
            for (Record<String, String> record : waiting) {
                steps.add("written " + record.value());
                kept.put(Bytes.wrap(record.key().getBytes()), record.value().getBytes());
            }
            waiting.clear();
        }

        @Override
        public void process(Record<String, String> record) {
            steps.add("processed " + record.value());
            waiting.add(record);
            if (commits.isThere()) {
                commits.settle();
            } else {
                write();
            }
            steps.add("turn over");
        }
    }
}
