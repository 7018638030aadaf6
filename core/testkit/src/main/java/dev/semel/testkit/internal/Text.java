package dev.semel.testkit.internal;

import java.nio.charset.StandardCharsets;
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
}
