package dev.semel.dlq.internal.keep;

import dev.semel.core.failure.FailureClass;
import dev.semel.dlq.LetterValidator;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * What the keeping of letters was told.
 *
 * @param topics stores by source topic; the others have theirs by group and topic
 * @param behindLetters whether records wait behind letters of their sequence; null where that follows from the processor's order
 * @param keylessBlocks whether a letter without a key keeps back its whole partition
 * @param capacity how many records are kept of a partition
 * @param endsKept how long it is known of a letter what its end was
 * @param sameFault with so many redrives in a row that fail with one fingerprint, a letter is parked
 * @param maxRecordBytes records that are larger stay in the source topic only
 * @param retriesNewSchemas whether letters of {@code schema_too_new} are handed in once by each owner
 * @param newSchemasPerSecond how many of them a processor hands in at most
 * @param nearRetention the share of the letter topic's retention after which letters are told of
 * @param automatic how letters redrive themselves, by failure class
 */
public record KeptSettings(
        Map<String, String> topics,
        @Nullable Boolean behindLetters,
        boolean keylessBlocks,
        int capacity,
        Duration endsKept,
        int sameFault,
        int maxRecordBytes,
        boolean retriesNewSchemas,
        int newSchemasPerSecond,
        double nearRetention,
        Map<String, Automatic> automatic,
        @Nullable LetterValidator edits) {

    /**
     * How letters of a failure class redrive themselves.
     *
     * @param first after their failure
     * @param factor by which each further delay is longer
     * @param most how often
     */
    public record Automatic(Duration first, double factor, int most) {}

    /** Delays grow up to a day. */
    static final long LONGEST_DELAY_MILLIS = Duration.ofDays(1).toMillis();

    public KeptSettings {
        topics = Map.copyOf(topics);
        automatic = Map.copyOf(automatic);
    }

    /** Whether each owner tries such letters once by itself, since its reader may be another. */
    boolean isForNewReader(Fault fault) {
        return retriesNewSchemas && fault.failureClass().equals(FailureClass.SCHEMA_TOO_NEW.name());
    }

    /** Where the letters of a source topic are kept. */
    String topic(String group, String source) {
        return topics.getOrDefault(source, defaultTopic(group, source));
    }

    /** Where they are kept unless it was said otherwise. */
    public static String defaultTopic(String group, String source) {
        return group + "." + source + ".letters";
    }

    /** Where the letters of a source partition are kept. */
    TopicPartition partition(String group, TopicPartition source) {
        return new TopicPartition(topic(group, source.topic()), source.partition());
    }
}
