package dev.semel.core.internal.handle;

import dev.semel.core.event.CloudEvents;
import dev.semel.core.event.Event;
import dev.semel.core.event.EventSerde;
import dev.semel.core.failure.OutputRejectedException;
import java.time.format.DateTimeFormatter;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/** Turns what a handler sends into records that Kafka will take, on the lane, where a refusal is the record's own. */
public final class Outputs {

    private final String group;
    private final EventSerde<?, ?> serde;
    private final OutputTopics topics;

    public Outputs(String group, EventSerde<?, ?> serde, OutputTopics topics) {
        this.group = group;
        this.serde = serde;
        this.topics = topics;
    }

    ProducerRecord<byte[], byte[]> write(
            Event<?, ?> event,
            long timestamp,
            int index,
            String topic,
            @Nullable Object key,
            @Nullable Object value,
            Header... own) {
        Headers headers = travelling(event.headers());
        for (Header header : own) {
            headers.remove(header.key());
        }
        for (Header header : own) {
            headers.add(header);
        }
        if (value != null) {
            CloudEvents.addIfAbsent(headers, CloudEvents.TYPE, value.getClass().getSimpleName());
        }
        byte @Nullable [] keyBytes;
        byte @Nullable [] valueBytes;
        try {
            keyBytes = serde.writeKey(topic, headers, key);
            valueBytes = serde.writeValue(topic, headers, value);
        } catch (Exception e) {
            throw new OutputRejectedException(
                    "output " + index + " of " + event.position() + " to topic " + topic
                            + " cannot be written by the serde: " + e,
                    e);
        }
        identify(event, index, headers);
        var output = new ProducerRecord<byte[], byte[]>(
                topic, null, timestamp < 0 ? null : timestamp, keyBytes, valueBytes, headers);
        check(output);
        return output;
    }

    /** Fails where Kafka would refuse the record. */
    void check(ProducerRecord<byte[], byte[]> output) {
        topics.check(output);
    }

    /** The same, by what the cluster says now rather than by what is remembered. */
    void checkAgain(ProducerRecord<byte[], byte[]> output) {
        topics.checkAgain(output);
    }

    /** Business headers and trace context go along; what describes the event, its letter or its transport does not. */
    private static Headers travelling(Headers headers) {
        var result = new RecordHeaders();
        for (Header header : headers) {
            if (!header.key().startsWith(CloudEvents.PREFIX)
                    && !header.key().startsWith("__")
                    && !header.key().equals(CloudEvents.CONTENT_TYPE)) {
                result.add(header);
            }
        }
        return result;
    }

    /** An output's identity follows from the event's, so that handling the event again gives the same. */
    private void identify(Event<?, ?> event, int index, Headers headers) {
        CloudEvents.addIfAbsent(headers, CloudEvents.SPEC_VERSION, "1.0");
        CloudEvents.addIfAbsent(headers, CloudEvents.ID, event.id() + "#" + index);
        CloudEvents.addIfAbsent(headers, CloudEvents.SOURCE, group);
        CloudEvents.addIfAbsent(headers, CloudEvents.TIME, DateTimeFormatter.ISO_INSTANT.format(event.time()));
    }
}
