package dev.semel.idempotency.streams;

import dev.semel.core.failure.ConfigurationException;
import dev.semel.idempotency.internal.streams.IdFingerprint;
import dev.semel.idempotency.internal.streams.Marks;
import dev.semel.idempotency.internal.streams.MarksPlace;
import dev.semel.idempotency.internal.streams.Moment;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ProcessingContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges the records of one task, from its begin to its end, and keeps its marks in bounds.
 *
 * <p>For the thread of the task.
 */
final class Deduplication<K extends @Nullable Object, V extends @Nullable Object> implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Deduplicate.class);

    private static final Duration EXPIRY_INTERVAL = Duration.ofSeconds(1);

    /** 30 to 50 ms of each second with a store on disk, on a busy machine. */
    private static final int EXPIRED_PER_INTERVAL = 2_000;

    /** More than one, so that what has piled up shrinks under any load; and few, so that no record waits for it. */
    private static final int EXPIRED_PER_MARK = 2;

    private final DeduplicateSettings<K, V> settings;
    private final ProcessingContext context;
    private final IdFingerprint fingerprints = new IdFingerprint();
    private final Marks marks;
    private final DeduplicateSensors sensors;
    private final Cancellable expiry;

    /** What a record is. */
    enum Judgement {
        PASSED,
        DUPLICATE,
        DROPPED
    }

    /**
     * Begins with what is restored.
     *
     * @throws ConfigurationException where the application's guarantee does not do
     */
    Deduplication(DeduplicateSettings<K, V> settings, ProcessingContext context) {
        this.settings = settings;
        this.context = context;
        boolean exactlyOnce = isExactlyOnce();
        KeyValueStore<Bytes, byte[]> store = context.getStateStore(settings.storeName());
        this.marks = new Marks(store, settings.expiry(), !exactlyOnce, place());
        this.sensors = new DeduplicateSensors(context.metrics(), settings.name(), context.taskId());
        sensors.entries.record(marks.size());
        this.expiry = context.schedule(EXPIRY_INTERVAL, PunctuationType.WALL_CLOCK_TIME, now -> expire());
    }

    private boolean isExactlyOnce() {
        Object guarantee = context.appConfigs().get(StreamsConfig.PROCESSING_GUARANTEE_CONFIG);
        if (StreamsConfig.EXACTLY_ONCE_V2.equals(guarantee)) {
            return true;
        }
        String finding = "Deduplicate '" + settings.name() + "': " + StreamsConfig.PROCESSING_GUARANTEE_CONFIG + " is "
                + guarantee
                + ", under which an event can pass more than once: its record is read again after a failure. ";
        if (settings.withoutExactlyOnce() == WithoutExactlyOnce.REFUSE) {
            throw new ConfigurationException(finding + "Set it to " + StreamsConfig.EXACTLY_ONCE_V2
                    + ", or accept that with withoutExactlyOnce(WARN)");
        }
        LOG.warn("{}Set it to {} (task {})", finding, StreamsConfig.EXACTLY_ONCE_V2, context.taskId());
        return false;
    }

    private MarksPlace place() {
        // As Kafka Streams names it; it tells nobody.
        String changelog = context.applicationId() + "-" + settings.storeName() + "-changelog";
        return new MarksPlace(settings.name(), settings.storeName(), context.taskId(), changelog);
    }

    Judgement judge(Record<K, V> record) {
        @Nullable String id = idOf(record);
        if (id == null || id.isEmpty()) {
            sensors.missingIds.record();
            return withoutId();
        }
        Moment now = now();
        if (!marks.add(fingerprints.of(settings.names().source(record, context), id), position(), now)) {
            sensors.duplicates.record();
            return Judgement.DUPLICATE;
        }
        marks.expire(now, EXPIRED_PER_MARK);
        sensors.passed.record();
        return Judgement.PASSED;
    }

    private @Nullable String idOf(Record<K, V> record) {
        try {
            return settings.names().id(record);
        } catch (Exception e) {
            throw new StreamsException(
                    "Deduplicate '" + settings.name() + "': reading the id of the record at " + where() + " failed: "
                            + e + ". An extractor should return null where a record has no id",
                    e,
                    context.taskId());
        }
    }

    private Judgement withoutId() {
        return switch (settings.missingId()) {
            case PASS -> Judgement.PASSED;
            case DROP -> Judgement.DROPPED;
            case FAIL ->
                throw new StreamsException(
                        "Deduplicate '" + settings.name() + "': the record at " + where() + " has no id: "
                                + settings.names().lacking()
                                + ". Send it with one, read it from elsewhere with Deduplicate.by, or choose onMissingId(PASS) or"
                                + " onMissingId(DROP)",
                        context.taskId());
        };
    }

    /** Offsets of one partition of each of the task's topics; these are few enough to be told apart by a number. */
    private long position() {
        return readFrom()
                .map(metadata -> metadata.offset() ^ (long) metadata.topic().hashCode() << Integer.SIZE)
                .orElse(Marks.NOWHERE);
    }

    private String where() {
        return readFrom()
                .map(metadata -> metadata.topic() + "-" + metadata.partition() + "@" + metadata.offset())
                .orElse("no offset (it was made in a punctuation)");
    }

    /** In a punctuation there is metadata, too, without a topic. */
    private Optional<RecordMetadata> readFrom() {
        return context.recordMetadata().filter(metadata -> metadata.topic() != null);
    }

    private void expire() {
        marks.expire(now(), EXPIRED_PER_INTERVAL);
        sensors.entries.record(marks.size());
    }

    private Moment now() {
        return Moment.of(context.currentStreamTimeMs(), context.currentSystemTimeMs());
    }

    @Override
    public void close() {
        expiry.cancel();
        sensors.close();
    }
}
