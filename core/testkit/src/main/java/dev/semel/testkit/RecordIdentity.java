package dev.semel.testkit;

import dev.semel.testkit.internal.Text;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * Says which input a record is, or was made from: the same text for an input and for all that answers it, and another for each
 * other input.
 *
 * <p>Used by one thread at a time; what it throws reaches whoever asked for a check.
 */
@FunctionalInterface
public interface RecordIdentity {

    /**
     * The identity of an input.
     *
     * @param record an input, or an output or dead letter made from one
     * @return null if the record does not tell
     */
    @Nullable String of(ConsumerRecord<byte[], byte[]> record);

    /**
     * A header's text; the last one counts.
     *
     * @param name of the header
     * @return an identity for inputs that have it, and for outputs to which it is handed on
     */
    static RecordIdentity header(String name) {
        return record -> {
            Header header = record.headers().lastHeader(name);
            return header == null ? null : Text.exact(header.value());
        };
    }

    /**
     * The text of the value, for tests whose outputs repeat it.
     *
     * @return an identity for inputs, outputs and letters
     */
    static RecordIdentity value() {
        return record -> Text.exact(record.value());
    }

    /**
     * The record's place: {@code kafka:topic/partition-offset}.
     *
     * @return an identity for inputs, the same that Semel gives events without an id
     */
    static RecordIdentity position() {
        return record -> position(record.topic(), record.partition() + "-" + record.offset());
    }

    /**
     * The CloudEvents headers {@code ce_source} and {@code ce_id} as {@code source/id}, and the {@linkplain #position() place} of a
     * record without an id. A record with an id only has {@code kafka:topic} as its source. This is the default for inputs.
     *
     * @return an identity for inputs
     */
    static RecordIdentity event() {
        RecordIdentity position = position();
        RecordIdentity ids = header("ce_id");
        RecordIdentity sources = header("ce_source");
        return record -> {
            String id = ids.of(record);
            if (id == null || id.isEmpty()) {
                return position.of(record);
            }
            String source = sources.of(record);
            return (source == null || source.isEmpty() ? "kafka:" + record.topic() : source) + "/" + id;
        };
    }

    /**
     * The header {@code ce_id} up to its last {@code #}: Semel names the outputs of event {@code shop/17} {@code shop/17#0}, {@code
     * shop/17#1} and so on. This is the default for outputs.
     *
     * @return an identity for outputs
     */
    static RecordIdentity cause() {
        RecordIdentity ids = header("ce_id");
        return record -> {
            String id = ids.of(record);
            if (id == null) {
                return null;
            }
            int end = id.lastIndexOf('#');
            return end < 0 ? id : id.substring(0, end);
        };
    }

    /**
     * The event in a dead letter: that of its own CloudEvents headers, or the place it came from by the headers {@code
     * __streams.errors.topic}, {@code .partition} and {@code .offset}, which Semel and Kafka Streams write. This is the default for
     * dead letters.
     *
     * @return an identity for dead letters
     */
    static RecordIdentity letter() {
        RecordIdentity ids = header("ce_id");
        RecordIdentity events = event();
        RecordIdentity topics = header("__streams.errors.topic");
        RecordIdentity partitions = header("__streams.errors.partition");
        RecordIdentity offsets = header("__streams.errors.offset");
        return record -> {
            String id = ids.of(record);
            String topic = topics.of(record);
            if (id != null && !id.isEmpty()) {
                // Without a source the event is named after the topic it was read from, not after the letters' own.
                return header("ce_source").of(record) == null && topic != null
                        ? "kafka:" + topic + "/" + id
                        : events.of(record);
            }
            return topic == null ? null : position(topic, partitions.of(record) + "-" + offsets.of(record));
        };
    }

    private static String position(String topic, String place) {
        return "kafka:" + topic + "/" + place;
    }
}
