package dev.semel.testkit.internal;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Bytes and text, as UTF-8. */
public final class Text {

    private static final int LONGEST_SHOWN = 200;

    private Text() {}

    /**
     * The bytes of a key or value.
     *
     * @param text may be null
     * @return null for null
     */
    public static byte @Nullable [] bytes(@Nullable String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Bytes as a message shows them.
     *
     * @param bytes may be null
     * @return the beginning of the text
     */
    public static String of(byte @Nullable [] bytes) {
        if (bytes == null) {
            return "null";
        }
        String text = new String(bytes, StandardCharsets.UTF_8);
        return text.length() <= LONGEST_SHOWN ? text : text.substring(0, LONGEST_SHOWN) + "...";
    }

    /**
     * Bytes as a text that no other bytes have.
     *
     * @param bytes may be null
     * @return the text, or {@code 0x} and hexadecimal digits where they are none; null for null
     */
    public static @Nullable String exact(byte @Nullable [] bytes) {
        if (bytes == null) {
            return null;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return "0x" + HexFormat.of().formatHex(bytes); // not text, which is nobody's fault
        }
    }

    /**
     * A record's place, with its key.
     *
     * @param record any
     * @return {@code topic-partition@offset (key k)}
     */
    public static String place(ConsumerRecord<byte[], byte[]> record) {
        return record.topic() + "-" + record.partition() + "@" + record.offset() + " (key " + of(record.key()) + ")";
    }
}
