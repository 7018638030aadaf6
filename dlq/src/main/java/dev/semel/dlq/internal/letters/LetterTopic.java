package dev.semel.dlq.internal.letters;

import dev.semel.core.participant.topics.Cluster;
import dev.semel.dlq.Letter;
import dev.semel.dlq.LettersRefusedException;
import dev.semel.dlq.Reading;
import dev.semel.dlq.internal.clients.KafkaSettings;
import dev.semel.dlq.internal.provenance.Readers;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** A topic of letters. Safe for use by several threads. */
public final class LetterTopic {

    /** It is told of a reading once for so many letters. */
    private static final int TOLD_EVERY = 1_000;

    /** Ids end in a partition and an offset: of this topic, or of the source, whose letters are in the partition of the same number. */
    private static final Pattern PLACE = Pattern.compile("(.*)/(\\d{1,9})/(\\d{1,18})");

    private final Cluster cluster;
    private final KafkaSettings kafka;
    private final String name;
    private final Readers readers;
    private final Duration deadline;
    private final Consumer<Reading> listener;

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

    /** @param listener told how far a reading is */
    public LetterTopic(
            Cluster cluster,
            KafkaSettings kafka,
            String name,
            Readers readers,
            Duration deadline,
            Consumer<Reading> listener) {
        this.cluster = cluster;
        this.kafka = kafka;
        this.name = name;
        this.readers = readers;
        this.deadline = deadline;
        this.listener = listener;
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
                if (!visit(
                        reader, end.getKey(), starts.getOrDefault(end.getKey(), 0L), end.getValue(), states, visitor)) {
                    break;
                }
            }
            return ends;
        }
    }

    private boolean visit(LetterReader reader, int number, long start, long end, States states, Visitor visitor)
            throws Exception {
        var partition = new TopicPartition(name, number);
        reader.seek(partition, start);
        for (long visited = 0; ; visited++) {
            @Nullable ConsumerRecord<byte[], byte[]> record = reader.next(end);
            if (record == null) {
                return true;
            }
            if (visited % TOLD_EVERY == 0) {
                listener.accept(new Reading(partition, record.offset(), end));
            }
            if (!visitor.visit(states.of(readers.letter(record)))) {
                return false;
            }
        }
    }

    /** The first letter with this id, as it lies here; it is looked for first where its id says. */
    public Optional<Letter> find(String id) throws Exception {
        Matcher place = PLACE.matcher(id);
        int partitions = described().partitions().size();
        int named = place.matches() ? Integer.parseInt(place.group(2)) : partitions;
        var found = new AtomicReference<@Nullable Letter>();
        Visitor looks = letter -> {
            if (letter.id().equals(id)) {
                found.set(letter);
            }
            return found.get() == null;
        };
        try (LetterReader reader = reader()) {
            Map<Integer, Long> starts = byNumber(reader.starts(partitions(described())));
            Map<Integer, Long> ends = byNumber(reader.ends(partitions(described())));
            if (named < partitions) {
                boolean isOwn = place.group(1).equals(name);
                long start = starts.getOrDefault(named, 0L);
                long from = isOwn ? Math.max(start, Long.parseLong(place.group(3))) : start;
                visit(reader, named, from, ends.getOrDefault(named, 0L), letter -> letter, looks);
            }
            for (int number = 0; number < partitions && found.get() == null; number++) {
                if (number != named) {
                    visit(
                            reader,
                            number,
                            starts.getOrDefault(number, 0L),
                            ends.getOrDefault(number, 0L),
                            letter -> letter,
                            looks);
                }
            }
        }
        return Optional.ofNullable(found.get());
    }
}
