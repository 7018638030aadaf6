package dev.semel.core.participant.topics;

import dev.semel.core.failure.ProcessorFailedException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the cluster until it answers, for a restore: an outage ends by itself, and the processor shows meanwhile that it is
 * recovering. A call ends with an {@link InterruptedException} where its thread is interrupted.
 *
 * <p>Thread-safe.
 */
public final class PatientCluster implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(PatientCluster.class);

    private static final Duration PER_CALL = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofMillis(250);

    /** Of a topic that was made a moment ago not every broker may know yet. */
    private static final Duration MADE_KNOWN = Duration.ofSeconds(30);

    private final Cluster cluster;
    private final String what;

    /**
     * Makes an admin client.
     *
     * @param config its configuration
     * @param what is restored, for the log
     */
    public PatientCluster(Map<String, Object> config, String what) {
        this.cluster = new Cluster(config, () -> PER_CALL);
        this.what = what;
    }

    @Override
    public void close() {
        cluster.close();
    }

    /**
     * A topic.
     *
     * @throws ProcessorFailedException where it is not there
     */
    public TopicDescription topic(String name) throws Exception {
        long startedNanos = System.nanoTime();
        return untilAnswered(() -> {
            Optional<TopicDescription> found = cluster.topic(name);
            if (found.isEmpty() && System.nanoTime() - startedNanos < MADE_KNOWN.toNanos()) {
                throw new UnknownTopicOrPartitionException("topic " + name + " is not there");
            }
            return found.orElseThrow(() -> new ProcessorFailedException(
                    "topic " + name + " is not there any more: start the processor again, which looks after it", null));
        });
    }

    /** Whether there is a topic with this id. */
    public boolean isThere(Uuid topicId) throws Exception {
        return untilAnswered(() -> cluster.topic(topicId)).isPresent();
    }

    /** What {@link Cluster#end} says. */
    public long end(TopicPartition partition) throws Exception {
        return untilAnswered(() -> cluster.end(partition));
    }

    private <T> T untilAnswered(Callable<T> question) throws Exception {
        while (true) {
            try {
                return question.call();
            } catch (RetriableException e) {
                log.info("Restoring {}: asking again after {}", what, e.toString());
                TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
            }
        }
    }
}
