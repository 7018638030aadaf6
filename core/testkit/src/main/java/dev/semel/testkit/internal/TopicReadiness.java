package dev.semel.testkit.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.OptionalInt;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.jspecify.annotations.Nullable;

/**
 * Waits until every running broker has heard what the controller did to a topic. The controller answers before they have, and
 * whichever of them a client asks next must not know less than the one asked before.
 */
public final class TopicReadiness {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private TopicReadiness() {}

    /**
     * Waits until every partition has a leader, as every broker sees it.
     *
     * @param admin a client of the cluster
     * @param topic a topic that was created or changed
     * @param partitions how many it has
     */
    public static void await(Admin admin, String topic, int partitions) {
        await(
                admin,
                topic,
                known -> known.isPresent() && known.getAsInt() == partitions,
                "to have " + partitions + " partition(s) with leaders");
    }

    /**
     * Waits until no broker knows a topic.
     *
     * @param admin a client of the cluster
     * @param topic a topic that was deleted
     */
    public static void awaitGone(Admin admin, String topic) {
        await(admin, topic, OptionalInt::isEmpty, "to be gone");
    }

    private static void await(Admin admin, String topic, Predicate<OptionalInt> done, String what) {
        Deadline deadline = Deadline.in(PATIENCE);
        String missing = missing(admin, topic, done);
        while (missing != null) {
            if (!deadline.pause()) {
                throw new IllegalStateException(
                        "topic " + topic + " was expected " + what + " within " + PATIENCE + ", but " + missing);
            }
            missing = missing(admin, topic, done);
        }
    }

    /** The first broker that is not so far, or null. */
    private static @Nullable String missing(Admin admin, String topic, Predicate<OptionalInt> done) {
        try {
            Collection<Node> brokers = Answers.of(admin.describeCluster().nodes());
            for (Node broker : brokers) {
                OptionalInt known = new BrokerView(broker).partitionsWithLeader(topic);
                if (!done.test(known)) {
                    return "broker " + broker + " says: "
                            + (known.isPresent() ? known.getAsInt() + " partition(s) with leaders" : "unknown topic");
                }
            }
            return brokers.isEmpty() ? "no broker runs" : null;
        } catch (IOException | KafkaException e) {
            return "asking failed: " + e; // a broker that was listed may just have stopped
        }
    }
}
