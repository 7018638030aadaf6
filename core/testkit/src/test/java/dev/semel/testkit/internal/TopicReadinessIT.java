package dev.semel.testkit.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.util.Collection;
import java.util.List;
import org.apache.kafka.common.Node;
import org.junit.jupiter.api.Test;

class TopicReadinessIT {

    /** Clients ask any broker: again and again, so that one that lags behind would be met. */
    @Test
    @KafkaTest(ownCluster = true, brokers = 3)
    void addedPartitionsAreShownByEveryBrokerAtOnceAlsoWhileOneIsDown(TestKafka kafka) throws Exception {
        String topic = kafka.topic("orders");
        for (int partitions = 2; partitions <= 16; partitions++) {
            if (partitions == 9) {
                kafka.stopBroker(1);
            }
            kafka.addPartitions(topic, partitions);
            for (int broker : partitions < 9 ? List.of(0, 1, 2) : List.of(0, 2)) {
                assertThat(new BrokerView(node(kafka, broker)).partitionsWithLeader(topic))
                        .hasValue(partitions);
            }
        }
        kafka.deleteTopic(topic);
        for (int broker : List.of(0, 2)) {
            assertThat(new BrokerView(node(kafka, broker)).partitionsWithLeader(topic))
                    .isEmpty();
        }
    }

    private static Node node(TestKafka kafka, int id) {
        Collection<Node> nodes = Answers.of(kafka.admin().describeCluster().nodes());
        return nodes.stream().filter(node -> node.id() == id).findAny().orElseThrow();
    }
}
