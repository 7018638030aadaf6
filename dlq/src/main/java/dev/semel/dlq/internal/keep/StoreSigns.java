package dev.semel.dlq.internal.keep;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Tells a record of a topic in which letters are kept from any other, whatever the topic's name. */
public final class StoreSigns {

    private StoreSigns() {}

    /** Whether only a group that keeps letters writes such a record. */
    public static boolean isOne(ConsumerRecord<byte[], byte[]> record) {
        byte @Nullable [] value = record.value();
        return value != null
                && (isState(value)
                        || isRecord(value)
                        || value.length == Long.BYTES && Store.isOfCommands(record.key())
                        || Store.isOfNote(record.key()) && isNote(value));
    }

    private static boolean isNote(byte[] value) {
        try {
            StoreNote.read(value);
            return true;
        } catch (Unreadable e) {
            // That is the answer.
            return false;
        }
    }

    private static boolean isState(byte[] value) {
        try {
            StateFormat.read(value);
            return true;
        } catch (Unreadable e) {
            // That is the answer.
            return false;
        }
    }

    private static boolean isRecord(byte[] value) {
        try {
            RecordFormat.read(value, new TopicPartition("any", 0), 0);
            return true;
        } catch (Unreadable e) {
            // That is the answer.
            return false;
        }
    }
}
