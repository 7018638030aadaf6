package dev.semel.core.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.semel.core.failure.FailureClass;
import dev.semel.core.failure.UnreadableEventException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Where an event's identity, type, version, time and subject are read. By default from the headers of CloudEvents' Kafka
 * binding ({@link CloudEvents}), each replaceable. Immutable.
 *
 * <p>An extractor returns null where the record does not say: the identity is then the record's position, the version 1, the
 * time the record's timestamp. One that throws makes the record unreadable.
 *
 * @param <V> the type of the value
 */
public final class EventAttributes<V extends @Nullable Object> {

    /** What stands in a text for bytes that are none. */
    private static final char REPLACEMENT = '\uFFFD';

    private final HeaderExtractor<String> type;
    private final HeaderExtractor<Integer> version;
    private final Extractor<V, String> id;
    private final Extractor<V, String> source;
    private final Extractor<V, Instant> time;
    private final Extractor<V, String> subject;
    private volatile @Nullable TopicSource lastTopic;

    private record TopicSource(String topic, String source) {}

    private EventAttributes(
            HeaderExtractor<String> type,
            HeaderExtractor<Integer> version,
            Extractor<V, String> id,
            Extractor<V, String> source,
            Extractor<V, Instant> time,
            Extractor<V, String> subject) {
        this.type = Objects.requireNonNull(type, "type");
        this.version = Objects.requireNonNull(version, "version");
        this.id = Objects.requireNonNull(id, "id");
        this.source = Objects.requireNonNull(source, "source");
        this.time = Objects.requireNonNull(time, "time");
        this.subject = Objects.requireNonNull(subject, "subject");
    }

    /**
     * Reads an attribute that is needed before the value can be read.
     *
     * @param <T> the attribute's type
     */
    @FunctionalInterface
    public interface HeaderExtractor<T> {
        @Nullable T extract(ConsumerRecord<byte[], byte[]> record) throws Exception;
    }

    /**
     * Reads an attribute from the record or from the value that was read from it.
     *
     * @param <V> the type of the value
     * @param <T> the attribute's type
     */
    @FunctionalInterface
    public interface Extractor<V extends @Nullable Object, T> {
        @Nullable T extract(ConsumerRecord<byte[], byte[]> record, V value) throws Exception;
    }

    /** CloudEvents' headers: the default. */
    public static <V extends @Nullable Object> EventAttributes<V> cloudEvents() {
        return new EventAttributes<>(
                record -> CloudEvents.text(record.headers(), CloudEvents.TYPE),
                EventAttributes::dataVersion,
                (record, value) -> name(record, CloudEvents.ID),
                (record, value) -> name(record, CloudEvents.SOURCE),
                (record, value) -> headerTime(record),
                (record, value) -> CloudEvents.text(record.headers(), CloudEvents.SUBJECT));
    }

    public EventAttributes<V> withType(HeaderExtractor<String> extractor) {
        return new EventAttributes<>(extractor, version, id, source, time, subject);
    }

    /** A version is a whole number from 1; anything less makes the record unreadable. */
    public EventAttributes<V> withVersion(HeaderExtractor<Integer> extractor) {
        return new EventAttributes<>(type, extractor, id, source, time, subject);
    }

    /** An id without a source gets {@code kafka:} and the record's topic as its source. */
    public EventAttributes<V> withId(Extractor<V, String> extractor) {
        return new EventAttributes<>(type, version, extractor, source, time, subject);
    }

    public EventAttributes<V> withSource(Extractor<V, String> extractor) {
        return new EventAttributes<>(type, version, id, extractor, time, subject);
    }

    public EventAttributes<V> withTime(Extractor<V, Instant> extractor) {
        return new EventAttributes<>(type, version, id, source, extractor, subject);
    }

    public EventAttributes<V> withSubject(Extractor<V, String> extractor) {
        return new EventAttributes<>(type, version, id, source, time, extractor);
    }

    /** Reads a record as an event: first what it is, then what it says, then what that tells about it. */
    public <K extends @Nullable Object> Event<K, V> read(ConsumerRecord<byte[], byte[]> record, EventSerde<K, V> serde)
            throws Exception {
        @Nullable Integer declared = version.extract(record);
        var raw = new RawEvent(record, type.extract(record), declared == null ? 1 : declared);
        K key = serde.readKey(raw);
        V value = serde.readValue(raw);
        @Nullable Instant happened = time.extract(record, value);
        return new Event<>(
                identity(record, value),
                raw.type(),
                raw.version(),
                happened == null ? Instant.ofEpochMilli(record.timestamp()) : happened,
                subject.extract(record, value),
                key,
                value,
                record.headers(),
                new RecordPosition(record.topic(), record.partition(), record.offset()));
    }

    private EventId identity(ConsumerRecord<byte[], byte[]> record, V value) throws Exception {
        @Nullable String named = id.extract(record, value);
        if (named == null || named.isEmpty()) {
            return new EventId(topicAsSource(record.topic()), record.partition() + "-" + record.offset());
        }
        @Nullable String from = source.extract(record, value);
        return new EventId(from == null || from.isEmpty() ? topicAsSource(record.topic()) : from, named);
    }

    /** Remembered, since most events in a row have the same. */
    private String topicAsSource(String topic) {
        @Nullable TopicSource last = lastTopic;
        if (last == null || !last.topic().equals(topic)) {
            last = new TopicSource(topic, "kafka:" + topic);
            lastTopic = last;
        }
        return last.source();
    }

    /** Bytes that are no text would all become the same one, and their events each other's duplicates. */
    private static @Nullable String name(ConsumerRecord<byte[], byte[]> record, String header) {
        @Nullable String text = CloudEvents.text(record.headers(), header);
        if (text != null && text.indexOf(REPLACEMENT) >= 0) {
            byte[] bytes = record.headers().lastHeader(header).value();
            if (!Arrays.equals(text.getBytes(UTF_8), bytes)) {
                throw malformed(header, text, "text in UTF-8: read binary ids with withId()", null);
            }
        }
        return text;
    }

    private static @Nullable Integer dataVersion(ConsumerRecord<byte[], byte[]> record) {
        @Nullable String text = CloudEvents.text(record.headers(), CloudEvents.DATA_VERSION);
        if (text == null) {
            return null;
        }
        if (!text.matches("[1-9][0-9]{0,8}")) {
            throw malformed(CloudEvents.DATA_VERSION, text, "a whole number from 1", null);
        }
        return Integer.valueOf(text);
    }

    private static @Nullable Instant headerTime(ConsumerRecord<byte[], byte[]> record) {
        @Nullable String text = CloudEvents.text(record.headers(), CloudEvents.TIME);
        if (text == null) {
            return null;
        }
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            throw malformed(CloudEvents.TIME, text, "an RFC 3339 time", e);
        }
    }

    private static UnreadableEventException malformed(
            String header, String text, String rule, @Nullable Exception cause) {
        return new UnreadableEventException(
                FailureClass.DESERIALIZATION_FAILED,
                "malformed header " + header,
                "header " + header + " is '" + text + "', not " + rule,
                cause);
    }
}
