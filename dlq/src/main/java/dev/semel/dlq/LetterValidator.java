package dev.semel.dlq;

import dev.semel.core.event.EventAttributes;
import dev.semel.core.event.EventSerde;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Says whether an edited record can be read by who is to handle it. An edit that nobody checks makes a letter that fails again, or worse,
 * one that is read as something else.
 *
 * <p>Threading: called on the thread that edits; where the owner of a letter asks, on the thread that reads its commands.
 */
@FunctionalInterface
public interface LetterValidator {

    /**
     * Checks a record.
     *
     * @param record as it would be handled: the letter's key, the new value and headers, the original timestamp, and the place from which
     *     it came first; where the letter does not say that, the letter's own
     * @throws Exception where it cannot be read; its message is the reason that is shown
     */
    void check(ConsumerRecord<byte[], byte[]> record) throws Exception;

    /** What reads the group's events must read this one: type and version are those of CloudEvents' headers, as by default. */
    static LetterValidator readBy(EventSerde<?, ?> events) {
        return reading(events, EventAttributes.cloudEvents());
    }

    /** The same for a group that finds type, version or identity elsewhere. */
    static <V extends @Nullable Object> LetterValidator readBy(EventSerde<?, V> events, EventAttributes<V> attributes) {
        return record -> attributes.read(record, events);
    }

    private static <V extends @Nullable Object> LetterValidator reading(
            EventSerde<?, V> events, EventAttributes<V> attributes) {
        return record -> attributes.read(record, events);
    }

    /** Takes everything. */
    static LetterValidator unchecked() {
        return record -> {};
    }
}
