package dev.semel.dlq.internal.copy;

import dev.semel.dlq.Letter;
import dev.semel.dlq.LetterFormat;
import dev.semel.dlq.LetterState;
import dev.semel.dlq.internal.command.AnswerFormat;
import dev.semel.dlq.internal.command.CommandFormat;
import dev.semel.dlq.internal.keep.StoreSigns;
import dev.semel.dlq.internal.letters.LetterReader;
import dev.semel.dlq.internal.provenance.Readers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Tells by some of its records whether a topic holds letters, or what is kept or said about them: nobody may have worked on them yet, and
 * then nothing else tells. Looked at are the first and the last record of its partitions.
 */
final class LetterSigns {

    /** More of them would tell no more, and make a redrive into a large topic begin later. */
    private static final int PARTITIONS = 20;

    /** Behind the last record are the markers of its transactions. */
    private static final int LAST = 10;

    private final Readers readers;

    LetterSigns(Readers readers) {
        this.readers = readers;
    }

    /**
     * Whether a topic holds letters.
     *
     * @param isSource whether records in it have failed. Then others than letters are what it is for, and one that was replayed with its
     *     letter's headers on does not make a letter topic of it: all that are looked at have to be letters
     */
    boolean in(LetterReader reader, String topic, int partitions, boolean isSource) {
        List<ConsumerRecord<byte[], byte[]>> some = some(reader, topic, partitions);
        Predicate<ConsumerRecord<byte[], byte[]>> sign = record -> isLetter(record) || isAboutLetters(record);
        return isSource
                ? !some.isEmpty() && some.stream().allMatch(sign)
                : some.stream().anyMatch(sign);
    }

    private static List<ConsumerRecord<byte[], byte[]>> some(LetterReader reader, String topic, int partitions) {
        Set<TopicPartition> all = IntStream.range(0, partitions)
                .mapToObj(number -> new TopicPartition(topic, number))
                .collect(Collectors.toSet());
        Map<TopicPartition, Long> starts = reader.starts(all);
        Map<TopicPartition, Long> ends = reader.ends(all);
        var some = new ArrayList<ConsumerRecord<byte[], byte[]>>();
        var filled = new TreeSet<Integer>();
        all.stream()
                .filter(partition -> ends.getOrDefault(partition, 0L) > starts.getOrDefault(partition, 0L))
                .forEach(partition -> filled.add(partition.partition()));
        filled.stream().limit(PARTITIONS).forEach(number -> {
            var partition = new TopicPartition(topic, number);
            long start = starts.getOrDefault(partition, 0L);
            long end = ends.getOrDefault(partition, 0L);
            reader.seek(partition, start);
            add(reader.next(end), some);
            reader.seek(partition, Math.max(start, end - LAST));
            @Nullable ConsumerRecord<byte[], byte[]> last = null;
            for (@Nullable ConsumerRecord<byte[], byte[]> next = reader.next(end);
                    next != null;
                    next = reader.next(end)) {
                last = next;
            }
            add(last, some);
        });
        return some;
    }

    private static void add(@Nullable ConsumerRecord<byte[], byte[]> record, List<ConsumerRecord<byte[], byte[]>> to) {
        if (record != null) {
            to.add(record);
        }
    }

    /** Also one that cannot be read as what its headers say it is. */
    private boolean isLetter(ConsumerRecord<byte[], byte[]> record) {
        Letter letter = readers.letter(record);
        return letter.format() != LetterFormat.UNKNOWN || letter.state() == LetterState.QUARANTINED;
    }

    private static boolean isAboutLetters(ConsumerRecord<byte[], byte[]> record) {
        byte @Nullable [] value = record.value();
        return StoreSigns.isOne(record)
                || value != null && (isReadable(CommandFormat::read, value) || isReadable(AnswerFormat::read, value));
    }

    private static boolean isReadable(Format format, byte[] value) {
        try {
            format.read(value);
            return true;
        } catch (IllegalArgumentException e) {
            // That is the answer.
            return false;
        }
    }

    /** Reads a value, or throws {@link IllegalArgumentException}. */
    @FunctionalInterface
    private interface Format {
        Object read(byte[] value);
    }
}
