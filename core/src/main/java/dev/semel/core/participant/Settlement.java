package dev.semel.core.participant;

import java.time.Duration;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * A record's fate, which goes into the transaction that is open.
 *
 * @param offset the record's
 * @param fate what became of it
 * @param token what {@link Verdict.Proceed#token()} said of it, where it was {@linkplain Fate#HANDLED handled}, or judged and then
 *     {@linkplain Redelivery#isDiscarded discarded}; null otherwise
 * @param record as it was read, where it is a letter or {@linkplain Fate#isKept kept}; null otherwise
 * @param letter the record with the provenance of its failure, where it is a letter or deferred; null otherwise
 * @param delay how long it is deferred; null where it is not
 * @param redelivery what was handed in; null for a record that was read from the source
 */
public record Settlement(
        long offset,
        Fate fate,
        @Nullable Object token,
        @Nullable ConsumerRecord<byte[], byte[]> record,
        @Nullable ProducerRecord<byte[], byte[]> letter,
        @Nullable Duration delay,
        @Nullable Redelivery redelivery) {

    public Settlement {
        Objects.requireNonNull(fate, "fate");
    }

    /** Of a record of the source that nobody keeps. */
    public static Settlement of(long offset, Fate fate, @Nullable Object token) {
        return new Settlement(offset, fate, token, null, null, null, null);
    }

    /** The same with another token. */
    public Settlement withToken(@Nullable Object other) {
        return new Settlement(offset, fate, other, record, letter, delay, redelivery);
    }
}
