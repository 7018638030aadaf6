package dev.semel.idempotency.streams;

import static dev.semel.idempotency.streams.DeduplicationDriver.byValue;
import static dev.semel.idempotency.streams.DeduplicationDriver.exactlyOnce;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyConfig;
import org.apache.kafka.streams.TopologyDescription;
import org.apache.kafka.streams.TopologyDescription.Node;
import org.apache.kafka.streams.errors.TopologyException;
import org.apache.kafka.streams.kstream.KStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What it does to the topology that it is put into: as little as possible. */
class DeduplicateTopologyTest {

    /** With numbers for all that has no name: processors, stores, changelogs and repartition topics. */
    private static Topology shop(UnaryOperator<KStream<String, String>> inserted) {
        var builder = new StreamsBuilder();
        KStream<String, String> orders = inserted.apply(builder.stream("orders"));
        orders.groupByKey().count().toStream().mapValues(Object::toString).to("counts");
        orders.selectKey((key, order) -> order).groupByKey().reduce((one, other) -> other);
        orders.filter((key, order) -> order != null)
                .join(builder.<String, String>table("customers"), (order, customer) -> order + customer)
                .to("joined");
        return builder.build();
    }

    static Stream<Function<KStream<String, String>, KStream<String, String>>> insertions() {
        return Stream.of(byValue()::dropFrom, orders -> byValue().split(orders).passed());
    }

    @ParameterizedTest
    @MethodSource("insertions")
    void nothingElseChangesWhereItIsInserted(Function<KStream<String, String>, KStream<String, String>> insertion) {
        Topology without = shop(orders -> orders);
        Topology with = shop(insertion::apply);

        assertThat(nodes(without))
                .as("numbered names")
                .anyMatch(node -> node.name().endsWith("0000000017"));
        assertThat(shape(with)).isEqualTo(shape(without));
        assertThat(names(with)).containsAll(names(without)).contains("once");
    }

    @Test
    void namesDeriveFromItsName() {
        Topology split = shop(orders -> byValue().split(orders).passed());
        Set<String> added = names(split);
        added.removeAll(names(shop(orders -> orders)));

        assertThat(added).containsExactlyInAnyOrder("once", "once-passed", "once-duplicates");
        assertThat(split.describe().toString()).contains("Processor: once (stores: [once-marks])");
    }

    @Test
    void allThatItMakesHasAName() {
        var config = exactlyOnce();
        config.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
        var builder = new StreamsBuilder(new TopologyConfig(new StreamsConfig(config)));
        byValue().split(builder.stream("orders")).passed().to("passed");

        assertThat(builder.build(config).describe().toString()).contains("once-marks");
    }

    @Test
    void oneObjectServesOnePlace() {
        var builder = new StreamsBuilder();
        Deduplicate<String, String> once = byValue();
        once.dropFrom(builder.stream("orders"));
        once.dropFrom(builder.stream("payments"));

        assertThatThrownBy(builder::build).isInstanceOf(TopologyException.class).hasMessageContaining("once");
    }

    @Test
    void twoProcessorsDoNotShareAStoreByAccident() {
        var builder = new StreamsBuilder();
        Deduplicate<String, String> once = byValue();
        builder.<String, String>stream("orders").process(once);
        builder.<String, String>stream("payments").process(once);

        assertThatThrownBy(builder::build).isInstanceOf(TopologyException.class).hasMessageContaining("once-marks");
    }

    /** The nodes that are not ours, with what they hold and what comes before them when ours are passed over. */
    private static Map<String, String> shape(Topology topology) {
        Map<String, String> shape = new TreeMap<>();
        for (TopologyDescription.Subtopology part : topology.describe().subtopologies()) {
            for (Node node : part.nodes()) {
                if (!isOurs(node)) {
                    shape.put(node.name(), part.id() + " " + holds(node) + " after " + before(node));
                }
            }
        }
        return shape;
    }

    private static boolean isOurs(Node node) {
        return node.name().startsWith("once");
    }

    private static String holds(Node node) {
        if (node instanceof TopologyDescription.Source source) {
            return "source of " + source.topicSet();
        }
        if (node instanceof TopologyDescription.Sink sink) {
            return "sink of " + sink.topic();
        }
        return "stores " + new TreeSet<>(((TopologyDescription.Processor) node).stores());
    }

    private static Set<String> before(Node node) {
        return node.predecessors().stream()
                .flatMap(previous -> isOurs(previous) ? before(previous).stream() : Stream.of(previous.name()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<Node> nodes(Topology topology) {
        return topology.describe().subtopologies().stream()
                .flatMap(part -> part.nodes().stream())
                .collect(Collectors.toSet());
    }

    private static Set<String> names(Topology topology) {
        return nodes(topology).stream().map(Node::name).collect(Collectors.toCollection(TreeSet::new));
    }
}
