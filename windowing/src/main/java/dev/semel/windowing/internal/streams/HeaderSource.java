package dev.semel.windowing.internal.streams;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/** Reads sources from a header, as a text in UTF-8. The last few texts are not made anew for each record. */
public final class HeaderSource<K extends @Nullable Object, V extends @Nullable Object> implements SourceReader<K, V> {

    private static final int REMEMBERED = 16;

    private final String header;
    private final byte[][] bytes = new byte[REMEMBERED][];
    private final @Nullable String[] texts = new @Nullable String[REMEMBERED];

    /** @param header its name; the last one of this name is read */
    public HeaderSource(String header) {
        this.header = header;
    }

    @Override
    public @Nullable String source(Record<K, V> record, String input) {
        Header found = record.headers().lastHeader(header);
        byte[] value = found == null ? null : found.value();
        if (value == null || value.length == 0) {
            return null;
        }
        int slot = Arrays.hashCode(value) & (REMEMBERED - 1);
        String text = texts[slot];
        if (text == null || !Arrays.equals(bytes[slot], value)) {
            text = new String(value, StandardCharsets.UTF_8);
            bytes[slot] = value;
            texts[slot] = text;
        }
        return text;
    }
}
