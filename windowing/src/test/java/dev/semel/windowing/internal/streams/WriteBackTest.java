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
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.Test;

/** What is known of Kafka's inside. If one of these fails, {@link StateWriting#BACK} must not be used with this Kafka. */
class WriteBackTest {

    @Test
    void kafkaHasTheTypeAsItIsKnown() {
        assertThat(StateWriting.BACK.orWhatIsPossible()).isEqualTo(StateWriting.BACK);
    }

    @Test
    void anotherTypeOrNoneIsNotTakenForIt() {
        assertThat(StateWriting.isKnown("java.lang.Runnable")).isFalse();
        assertThat(StateWriting.isKnown("org.apache.kafka.streams.no.such.Type"))
                .isFalse();
    }

    /** Changes of a record are asked for after it has been processed, and before its transaction ends. */
    @Test
    void whatIsOnTheHeapIsWrittenBeforeTheCommit() {
        var config = new Properties();
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, "app");
        config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "nobody:1");
        config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        List<String> steps = new ArrayList<>();
        var topology = new Topology()
                .addSource("in", Serdes.String().deserializer(), Serdes.String().deserializer(), "in")
                .addProcessor("keeping", () -> new Keeping(steps), "in")
                .addStateStore(
                        StateBuilder.of(Stores.inMemoryKeyValueStore("kept"), StateWriting.BACK, Map.of()), "keeping");
        try (var driver = new TopologyTestDriver(topology, config)) {
            driver.createInputTopic("in", new StringSerializer(), new StringSerializer())
                    .pipeInput("k", "v");
            var changes =
                    driver.createOutputTopic("app-kept-changelog", new StringDeserializer(), new StringDeserializer());
            assertThat(steps).containsExactly("processed v", "written v");
            assertThat(changes.readKeyValuesToList())
                    .extracting(change -> change.key + "=" + change.value)
                    .containsExactly("k=v");
        }
    }

    /** Has what it is given on the heap until it is asked to write. */
    private static final class Keeping extends ContextualProcessor<String, String, Void, Void> {

        private final List<String> steps;
        private Record<String, String> last = new Record<>("none", "none", 0);

        Keeping(List<String> steps) {
            this.steps = steps;
        }

        @Override
        public void init(ProcessorContext<Void, Void> context) {
            super.init(context);
            StateBytes store = StateBytes.of(context.getStateStore("kept"));
            store.beforeCommit(() -> {
                if (!last.key().equals("none")) {
                    steps.add("written " + last.value());
                    store.bytes()
                            .put(Bytes.wrap(last.key().getBytes()), last.value().getBytes());
                }
                last = new Record<>("none", "none", 0);
            });
        }

        @Override
        public void process(Record<String, String> record) {
            steps.add("processed " + record.value());
            last = record;
        }
    }
}
