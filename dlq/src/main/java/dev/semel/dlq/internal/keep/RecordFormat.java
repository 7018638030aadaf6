package dev.semel.dlq.internal.keep;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/** The bytes of a record that is kept: a version, its timestamp, key, value and headers, and the message of its failure. */
final class RecordFormat {

    private static final int VERSION = 1;
    private static final int NULL = -1;

    private RecordFormat() {}

    static byte[] write(ConsumerRecord<byte[], byte[]> record, @Nullable String message) {
        var bytes = new ByteArrayOutputStream(256);
        try (var out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            out.writeByte(record.timestampType().id);
            out.writeLong(record.timestamp());
            out.writeInt(record.leaderEpoch().orElse(NULL));
            write(out, record.key());
            write(out, record.value());
            Header[] headers = record.headers().toArray();
            out.writeInt(headers.length);
            for (Header header : headers) {
                write(out, header.key().getBytes(StandardCharsets.UTF_8));
                write(out, header.value());
            }
            write(out, message == null ? null : message.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("no stream of memory fails", e);
        }
        return bytes.toByteArray();
    }

    private static void write(DataOutputStream out, byte @Nullable [] bytes) throws IOException {
        out.writeInt(bytes == null ? NULL : bytes.length);
        if (bytes != null) {
            out.write(bytes);
        }
    }

    /**
     * What is kept.
     *
     * @param record as it was read from the source
     * @param message of its first failure; null where it had none, or came without one
     */
    record Kept(
            ConsumerRecord<byte[], byte[]> record, @Nullable String message) {}

    /** The record as it was read from the source. */
    static ConsumerRecord<byte[], byte[]> read(byte[] bytes, TopicPartition source, long offset) throws Unreadable {
        return readKept(bytes, source, offset).record();
    }

    /** The record, and what it failed with. */
    static Kept readKept(byte[] bytes, TopicPartition source, long offset) throws Unreadable {
        try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int version = in.readByte();
            if (version != VERSION) {
                throw new IOException("version " + version + ", and " + VERSION + " is known");
            }
            TimestampType type = type(in.readByte());
            long timestamp = in.readLong();
            int epoch = in.readInt();
            byte @Nullable [] key = readBytes(in);
            byte @Nullable [] value = readBytes(in);
            var headers = new RecordHeaders();
            int count = in.readInt();
            for (int i = 0; i < count; i++) {
                byte @Nullable [] name = readBytes(in);
                if (name == null) {
                    throw new IOException("a header without a name");
                }
                headers.add(new String(name, StandardCharsets.UTF_8), readBytes(in));
            }
            byte @Nullable [] message = readBytes(in);
            if (in.available() > 0) {
                throw new IOException(in.available() + " byte(s) too many");
            }
            var record = new ConsumerRecord<byte[], byte[]>(
                    source.topic(),
                    source.partition(),
                    offset,
                    timestamp,
                    type,
                    key == null ? NULL : key.length,
                    value == null ? NULL : value.length,
                    key,
                    value,
                    headers,
                    epoch == NULL ? Optional.<Integer>empty() : Optional.of(epoch));
            return new Kept(record, message == null ? null : new String(message, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new Unreadable("a record of " + bytes.length + " bytes cannot be read: " + e.getMessage(), e);
        }
    }

    private static TimestampType type(int id) throws IOException {
        for (TimestampType type : TimestampType.values()) {
            if (type.id == id) {
                return type;
            }
        }
        throw new IOException("timestamp type " + id);
    }

    private static byte @Nullable [] readBytes(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length == NULL) {
            return null;
        }
        if (length < 0 || length > in.available()) {
            throw new IOException("a length of " + length + " with " + in.available() + " byte(s) left");
        }
        return in.readNBytes(length);
    }
}
