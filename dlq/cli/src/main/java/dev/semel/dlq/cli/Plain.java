package dev.semel.dlq.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Text that can be shown. What letters hold was written by others, and may have what a terminal takes for commands.
 */
final class Plain {

    private static final String ELLIPSIS = "...";

    private Plain() {}

    /** The same with control characters, but for line breaks and tabs, written as {@code \}{@code u001b}. */
    static String text(String text) {
        return escaped(text, true);
    }

    /** The same on one line of at most so many characters. */
    static String line(@Nullable String text, int most) {
        if (text == null) {
            return "-";
        }
        String line = escaped(text.length() <= 2 * most ? text : text.substring(0, 2 * most), false);
        return line.length() <= most && text.length() <= 2 * most
                ? line
                : line.substring(0, Math.min(line.length(), most - ELLIPSIS.length())) + ELLIPSIS;
    }

    private static String escaped(String text, boolean keepsLines) {
        var shown = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (keepsLines && (c == '\n' || c == '\t')) {
                shown.append(c);
            } else if (c == '\n' || c == '\r' || c == '\t') {
                shown.append(c == '\r' && keepsLines ? "" : " ");
            } else if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT) {
                shown.append(String.format("\\u%04x", (int) c));
            } else {
                shown.append(c);
            }
        }
        return shown.toString();
    }

    /** Bytes as text; empty where they are none. */
    static Optional<String> decoded(byte[] bytes) {
        try {
            String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            return text.chars().anyMatch(c -> Character.isISOControl(c) && c != '\n' && c != '\t' && c != '\r')
                    ? Optional.empty()
                    : Optional.of(text);
        } catch (CharacterCodingException e) {
            // Not everything is text.
            return Optional.empty();
        }
    }

    /** Bytes to look at: text as it is, else hexadecimal. */
    static String bytes(byte @Nullable [] bytes, int most) {
        if (bytes == null) {
            return "(null)";
        }
        return decoded(bytes)
                .orElseGet(() -> "0x"
                        + HexFormat.of().formatHex(bytes, 0, Math.min(bytes.length, most / 2))
                        + (bytes.length > most / 2 ? ELLIPSIS : ""));
    }

    /** {@code 1 letter}, {@code 1,200 letters}. */
    static String count(long number, String noun) {
        return String.format(Locale.ROOT, "%,d %s%s", number, noun, number == 1 ? "" : "s");
    }

    /** In seconds. */
    static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** A class name without its package, and the message. */
    static String fault(@Nullable String exception, @Nullable String message, int most) {
        String name = exception == null ? "" : exception.substring(exception.lastIndexOf('.') + 1);
        return line(name + (exception == null || message == null ? "" : ": ") + (message == null ? "" : message), most);
    }

    /** Words of the Java API as the command line has them. */
    static String option(String text) {
        return text.replace("with to() or mapOrigin()", "with --to or --map")
                .replace("with to()", "with --to")
                .replace("with storeTopic()", "with --store")
                .replace("and the filter does not name that state", "and --state does not name that");
    }
}
