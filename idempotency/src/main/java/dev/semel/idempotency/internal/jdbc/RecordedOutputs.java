package dev.semel.idempotency.internal.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/**
 * What a handler sent, as bytes that a mark keeps.
 *
 * <pre>{@code
 *   version (1 byte) | count, then for each: topic | partition or -1 | has timestamp (1 byte), timestamp | key | value |
 *                                            count, then for each header: name | value
 * }</pre>
 *
 * <p>Numbers are big-endian; texts are UTF-8; what has a length begins with it (4 bytes), and nothing has the length -1.
 */
final class RecordedOutputs {

    private static final byte VERSION = 1;
    private static final int NOTHING = -1;

    private RecordedOutputs() {}

    static byte[] write(List<ProducerRecord<byte[], byte[]>> outputs) {
        var bytes = new ByteArrayOutputStream(256);
        try (var to = new DataOutputStream(bytes)) {
            to.writeByte(VERSION);
            to.writeInt(outputs.size());
            for (ProducerRecord<byte[], byte[]> output : outputs) {
                write(to, output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("memory takes what is written to it", e);
        }
        return bytes.toByteArray();
    }

    private static void write(DataOutputStream to, ProducerRecord<byte[], byte[]> output) throws IOException {
        write(to, output.topic().getBytes(UTF_8));
        to.writeInt(output.partition() == null ? NOTHING : output.partition());
        to.writeBoolean(output.timestamp() != null);
        to.writeLong(output.timestamp() == null ? 0 : output.timestamp());
        write(to, output.key());
        write(to, output.value());
        Header[] headers = output.headers().toArray();
        to.writeInt(headers.length);
        for (Header header : headers) {
            write(to, header.key().getBytes(UTF_8));
            write(to, header.value());
        }
    }

    private static void write(DataOutputStream to, byte @Nullable [] bytes) throws IOException {
        to.writeInt(bytes == null ? NOTHING : bytes.length);
        if (bytes != null) {
            to.write(bytes);
        }
    }

    /**
     * Reads what was written.
     *
     * @param where it was found, for messages
     * @throws IllegalStateException where it is damaged, or was written by a newer version
     */
    static List<ProducerRecord<byte[], byte[]>> read(byte[] bytes, Object where) {
        var from = ByteBuffer.wrap(bytes);
        try {
            byte version = from.get();
            if (version != VERSION) {
                throw new IllegalStateException(
                        "the outputs recorded with the mark of " + where + " have format version "
                                + version + ", and this version of semel-idempotency reads " + VERSION
                                + ": a newer one has written them; use that");
            }
            int count = from.getInt();
            var outputs = new ArrayList<ProducerRecord<byte[], byte[]>>();
            for (int i = 0; i < count; i++) {
                outputs.add(readOutput(from));
            }
            if (count < 0 || from.hasRemaining()) {
                throw damaged(where, null);
            }
            return outputs;
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw damaged(where, e);
        }
    }

    private static IllegalStateException damaged(Object where, @Nullable Exception cause) {
        return new IllegalStateException(
                "the outputs recorded with the mark of " + where
                        + " are damaged: restore semel_mark.outputs of that row from a"
                        + " backup; or where they are known to be of no use, set it to null, and they are not sent",
                cause);
    }

    private static ProducerRecord<byte[], byte[]> readOutput(ByteBuffer from) {
        String topic = text(from);
        int partition = from.getInt();
        boolean hasTimestamp = from.get() != 0;
        long timestamp = from.getLong();
        byte @Nullable [] key = bytes(from);
        byte @Nullable [] value = bytes(from);
        int headers = from.getInt();
        var read = new ArrayList<Header>();
        for (int i = 0; i < headers; i++) {
            read.add(new RecordHeader(text(from), bytes(from)));
        }
        return new ProducerRecord<>(
                topic, partition == NOTHING ? null : partition, hasTimestamp ? timestamp : null, key, value, read);
    }

    private static String text(ByteBuffer from) {
        byte @Nullable [] bytes = bytes(from);
        if (bytes == null) {
            throw new IllegalArgumentException("no text where there must be one");
        }
        return new String(bytes, UTF_8);
    }

    private static byte @Nullable [] bytes(ByteBuffer from) {
        int length = from.getInt();
        if (length == NOTHING) {
            return null;
        }
        if (length < 0 || length > from.remaining()) {
            throw new IllegalArgumentException("length " + length + " where " + from.remaining() + " bytes are left");
        }
        byte[] bytes = new byte[length];
        from.get(bytes);
        return bytes;
    }
}
