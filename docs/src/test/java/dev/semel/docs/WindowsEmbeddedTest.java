package dev.semel.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.windowing.EventTimeWindows;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyDescription;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.WindowedSerdes;
import org.junit.jupiter.api.Test;

/** What docs/windows.md says of putting windows into a topology that runs already: nothing that was there gets another name. */
class WindowsEmbeddedTest {

    private static KStream<String, Trade> trades(StreamsBuilder builder) {
        return builder.stream("trades", Consumed.with(Serdes.String(), Trade.serde()));
    }

    /** A topology that runs already, with numbers for names; and with the operator embedded, behind what was there. */
    static Topology counts(String topic, boolean isEmbedded) {
        var builder = new StreamsBuilder();
        KStream<String, Trade> trades = builder.stream(topic, Consumed.with(Serdes.String(), Trade.serde()));
        trades.groupByKey().count().toStream().to("trade-counts", Produced.with(Serdes.String(), Serdes.Long()));
        if (isEmbedded) {
            // tag::embedded[]
            // What was there before has had its numbers by now.
            var minutes = EventTimeWindows.of(trades, Grouped.with("volume", Serdes.String(), Trade.serde()))
                    .tumbling(Duration.ofMinutes(1))
                    .count();
            minutes.results()
                    .to(
                            "counts",
                            Produced.with(WindowedSerdes.timeWindowedSerdeFrom(String.class, 60_000), Serdes.Long()));
            minutes.late().to("late", Produced.with(Serdes.String(), Trade.serde()));
            // end::embedded[]
        }
        return builder.build();
    }

    @Test
    void whatElseATopologyHasKeepsItsNames() {
        Set<String> before = names(counts("trades", false));
        Set<String> after = names(counts("trades", true));
        assertThat(after).containsAll(before);
        after.removeAll(before);
        assertThat(after)
                .containsExactlyInAnyOrder(
                        "volume",
                        "volume-results",
                        "volume-late",
                        "volume-windows",
                        "volume-control",
                        "KSTREAM-SINK-0000000005",
                        "KSTREAM-SINK-0000000006");
        assertThat(before).contains("KSTREAM-AGGREGATE-STATE-STORE-0000000001");
    }

    /** Tasks have the numbers of subtopologies in their names, and with them their directories and standbys. */
    @Test
    void aRepartitioningBehindWhatIsThereRenumbersNeitherNamesNorTasks() {
        var builder = new StreamsBuilder();
        KStream<String, Trade> trades = trades(builder);
        trades.groupByKey().count().toStream().to("trade-counts", Produced.with(Serdes.String(), Serdes.Long()));
        EventTimeWindows.of(trades, Grouped.with("volume", Serdes.String(), Trade.serde()))
                .rekey((symbol, trade) -> symbol, Serdes.String())
                .tumbling(Duration.ofMinutes(1))
                .count();
        Topology topology = builder.build();
        assertThat(topology.describe().subtopologies())
                .filteredOn(part -> part.id() == 0)
                .singleElement()
                .satisfies(part -> assertThat(names(Set.of(part))).containsAll(names(counts("trades", false))));
    }

    /** Processors and stores. */
    private static Set<String> names(Topology topology) {
        return names(topology.describe().subtopologies());
    }

    private static Set<String> names(Set<TopologyDescription.Subtopology> subtopologies) {
        var names = new HashSet<String>();
        for (var subtopology : subtopologies) {
            subtopology.nodes().forEach(node -> {
                names.add(node.name());
                if (node instanceof TopologyDescription.Processor processor) {
                    names.addAll(processor.stores());
                }
            });
        }
        return names;
    }

    /** What takes Kafka Streams' numbers is the sink behind the operator, not the operator: in between, it takes none. */
    @Test
    void theOperatorTakesNoNumberInTheMiddleOfATopology() {
        var builder = new StreamsBuilder();
        KStream<String, Trade> trades = trades(builder);
        EventTimeWindows.of(trades, Grouped.with("volume", Serdes.String(), Trade.serde()))
                .tumbling(Duration.ofMinutes(1))
                .count();
        trades.groupByKey().count().toStream().to("trade-counts", Produced.with(Serdes.String(), Serdes.Long()));
        assertThat(names(builder.build())).containsAll(names(counts("trades", false)));
    }
}
