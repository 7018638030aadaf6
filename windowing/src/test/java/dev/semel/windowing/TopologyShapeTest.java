package dev.semel.windowing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semel.windowing.engine.MissingSource;
import dev.semel.windowing.internal.streams.StateWriting;
import dev.semel.windowing.watermark.SourceLimit;
import dev.semel.windowing.watermark.WatermarkStrategy;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyConfig;
import org.apache.kafka.streams.TopologyDescription;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What an operator is to the topology around it, and which settings are refused before it is built. */
class TopologyShapeTest {

    private static final Grouped<String, String> NAMED = Grouped.with("w", Serdes.String(), Serdes.String());

    private static KStream<String, String> events(StreamsBuilder builder) {
        return builder.stream("events", Consumed.with(Serdes.String(), Serdes.String()));
    }

    /** One as people have it, with names that Kafka Streams numbers. */
    private static Topology existing(boolean isInserted, StateWriting writing) {
        var builder = new StreamsBuilder();
        KStream<String, String> events = events(builder);
        if (isInserted) {
            var windows = EventTimeWindows.of(events, NAMED).tumbling(Duration.ofMinutes(1));
            if (writing == StateWriting.BACK) {
                windows.writeBeforeCommit();
            }
            windows.count();
        }
        events.filter((key, value) -> true).groupByKey().count().toStream().to("counts");
        return builder.build();
    }

    private static Set<String> nodes(Topology topology) {
        var nodes = new TreeSet<String>();
        for (TopologyDescription.Subtopology part : topology.describe().subtopologies()) {
            for (TopologyDescription.Node node : part.nodes()) {
                String stores = node instanceof TopologyDescription.Processor processor
                        ? new TreeSet<>(processor.stores()).toString()
                        : "";
                nodes.add(node.name() + " " + stores);
            }
        }
        return nodes;
    }

    @ParameterizedTest
    @EnumSource(StateWriting.class)
    @DisplayName("an operator that is inserted changes no name of what is there already")
    void insertedIntoATopology(StateWriting writing) {
        Set<String> before = nodes(existing(false, writing));
        Set<String> after = nodes(existing(true, writing));
        assertThat(after).containsAll(before);
        after.removeAll(before);
        String stores =
                writing == StateWriting.BACK ? "w [w-commits, w-control, w-windows]" : "w [w-control, w-windows]";
        assertThat(after).containsExactlyInAnyOrder(stores, "w-results []", "w-late []");
    }

    /** Which is why the documentation says to put it behind what is there. */
    @Test
    @DisplayName("what is attached to the results takes a number, also with a name")
    void sinksTakeNumbers() {
        Set<String> before = nodes(existing(false, StateWriting.THROUGH));
        var builder = new StreamsBuilder();
        KStream<String, String> events = events(builder);
        EventTimeWindows.of(events, NAMED)
                .tumbling(Duration.ofMinutes(1))
                .count()
                .late()
                .to("late", Produced.<String, String>as("named").withKeySerde(Serdes.String()));
        events.filter((key, value) -> true).groupByKey().count().toStream().to("counts");
        assertThat(nodes(builder.build())).contains("named ").matches(after -> !after.containsAll(before));
    }

    @Test
    @DisplayName("a topology in which every name has to be given takes it")
    void explicitNames() {
        var config = new Properties();
        config.putAll(Map.of(
                StreamsConfig.APPLICATION_ID_CONFIG,
                "app",
                StreamsConfig.BOOTSTRAP_SERVERS_CONFIG,
                "nobody:1",
                StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG,
                true));
        var builder = new StreamsBuilder(new TopologyConfig(new StreamsConfig(config)));
        var results = EventTimeWindows.of(events(builder), NAMED)
                .rekey((key, value) -> value, Serdes.String())
                .tumbling(Duration.ofMinutes(1))
                .count();
        results.late().to("late", Produced.with(Serdes.String(), Serdes.String()));
        assertThat(builder.build(config).describe().toString()).contains("w-rekeyed-repartition");
    }

    @Test
    @DisplayName("two operators in one topology have state of their own")
    void twoOperators() {
        var builder = new StreamsBuilder();
        KStream<String, String> events = events(builder);
        EventTimeWindows.of(events, NAMED).tumbling(Duration.ofMinutes(1)).count();
        EventTimeWindows.of(events, NAMED.withName("other"))
                .tumbling(Duration.ofMinutes(1))
                .count();
        assertThat(nodes(builder.build())).contains("w [w-control, w-windows]", "other [other-control, other-windows]");
    }

    @Test
    @DisplayName("settings of sources that contradict each other are refused")
    void contradictingSources() {
        KStream<String, String> events = events(new StreamsBuilder());
        assertThatThrownBy(() -> EventTimeWindows.of(events, NAMED)
                        .tumbling(Duration.ofMinutes(1))
                        .sources(SourceExtractor.header("source"))
                        .declare("a", "b", "c")
                        .watermarks(WatermarkStrategy.boundedOutOfOrderness(Duration.ZERO)
                                .withMaxSources(2, SourceLimit.REJECT))
                        .count())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("declares 3 sources")
                .hasMessageContaining("allows 2");
        assertThatThrownBy(() -> EventTimeWindows.of(events, NAMED)
                        .tumbling(Duration.ofMinutes(1))
                        .missingSource(MissingSource.REJECT)
                        .count())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("leave out missingSource(REJECT)");
    }

    @Test
    @DisplayName("what cannot work is refused where it is said, with what to do")
    void refusals() {
        KStream<String, String> events = events(new StreamsBuilder());
        assertThatThrownBy(() -> EventTimeWindows.of(events, Grouped.with(Serdes.String(), Serdes.String())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("needs a name");
        assertThatThrownBy(() -> EventTimeWindows.of(events, NAMED.withName("no name")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no name");
        assertThatThrownBy(() -> EventTimeWindows.of(events, NAMED).count())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("tumbling");
        var windows = EventTimeWindows.of(events, NAMED).tumbling(Duration.ofMinutes(1));
        assertThatThrownBy(() -> windows.allowedLateness(Duration.ofMillis(-1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> windows.count(stored().withLoggingDisabled()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("changelog");
        assertThatThrownBy(() -> windows.count(stored().withLoggingEnabled(Map.of("cleanup.policy", "compact,delete"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cleanup.policy");
        assertThatThrownBy(() -> windows.offset(Duration.ofMinutes(2)).count())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("offset");
        windows.offset(Duration.ZERO);
        assertThatThrownBy(() -> windows.watermarks(WatermarkStrategy.boundedOutOfOrderness(Duration.ZERO)
                                .withFlushWhenAllIdle())
                        .count())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("idle");
        assertThatThrownBy(() -> windows.futureGuard(Duration.ofDays(1)).count())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("timestamps");
        assertThatThrownBy(() -> EventTimeWindows.of(events, Grouped.as("w"))
                        .tumbling(Duration.ofMinutes(1))
                        .count())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("serde of the keys");
    }

    private static Materialized<String, Long, KeyValueStore<Bytes, byte[]>> stored() {
        return Materialized.with(Serdes.String(), Serdes.Long());
    }
}
