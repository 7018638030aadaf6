package dev.semel.dlq.internal.letters;

import dev.semel.core.participant.topics.Cluster;
import dev.semel.dlq.Letter;
import dev.semel.dlq.LettersRefusedException;
import dev.semel.dlq.internal.clients.KafkaSettings;
import dev.semel.dlq.internal.provenance.Readers;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** A topic of letters. Safe for use by several threads. */
public final class LetterTopic {

    private final Cluster cluster;
    private final KafkaSettings kafka;
    private final String name;
    private final Readers readers;
    private final Duration deadline;

    /** Takes a letter. */
    @FunctionalInterface
    public interface Visitor {
        /** @return whether to go on */
        boolean visit(Letter letter) throws Exception;
    }

    /** Puts letters in the state that is known of them. */
    @FunctionalInterface
    public interface States {
        Letter of(Letter letter) throws Exception;
    }

    public LetterTopic(Cluster cluster, KafkaSettings kafka, String name, Readers readers, Duration deadline) {
        this.cluster = cluster;
        this.kafka = kafka;
        this.name = name;
        this.readers = readers;
        this.deadline = deadline;
    }

    public String name() {
        return name;
    }

    public Readers readers() {
        return readers;
    }

    /** The topic as it is now. */
    public TopicDescription described() throws Exception {
        return cluster.topic(name)
                .orElseThrow(() -> new LettersRefusedException(
                        "there is no topic " + name
                                + " to read letters from: look at its name, and at the cluster's address "
                                + kafka.servers(),
                        null));
    }

    /** A reader of its records. */
    public LetterReader reader() {
        return new LetterReader(kafka.consumer("earliest"), deadline);
    }

    /** Its partitions. */
    public Set<TopicPartition> partitions(TopicDescription described) {
        return IntStream.range(0, described.partitions().size())
                .mapToObj(number -> new TopicPartition(name, number))
                .collect(Collectors.toSet());
    }

    /** Where its partitions begin, by number. */
    public Map<Integer, Long> starts() throws Exception {
        try (LetterReader reader = reader()) {
            return byNumber(reader.starts(partitions(described())));
        }
    }

    private static Map<Integer, Long> byNumber(Map<TopicPartition, Long> offsets) {
        var byNumber = new TreeMap<Integer, Long>();
        offsets.forEach((partition, offset) -> byNumber.put(partition.partition(), offset));
        return byNumber;
    }

    /**
     * Visits all letters that are there now, partition by partition, in their order.
     *
     * @param states puts each in the state that is known
     * @return where each partition ended
     */
    public Map<Integer, Long> visit(States states, Visitor visitor) throws Exception {
        try (LetterReader reader = reader()) {
            Set<TopicPartition> partitions = partitions(described());
            Map<Integer, Long> starts = byNumber(reader.starts(partitions));
            Map<Integer, Long> ends = byNumber(reader.ends(partitions));
            for (Map.Entry<Integer, Long> end : ends.entrySet()) {
                reader.seek(new TopicPartition(name, end.getKey()), starts.getOrDefault(end.getKey(), 0L));
                while (true) {
                    @Nullable ConsumerRecord<byte[], byte[]> record = reader.next(end.getValue());
                    if (record == null) {
                        break;
                    }
                    if (!visitor.visit(states.of(readers.letter(record)))) {
                        return ends;
                    }
                }
            }
            return ends;
        }
    }
}
