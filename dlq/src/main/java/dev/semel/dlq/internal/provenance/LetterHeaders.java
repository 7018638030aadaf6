package dev.semel.dlq.internal.provenance;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.Iterator;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * The headers of one letter, read by name. Of several with one name the first counts: a writer that adds its own to those that are
 * there already leaves the true origin in front.
 */
final class LetterHeaders {

    private final Headers headers;

    LetterHeaders(Headers headers) {
        this.headers = headers;
    }

    boolean has(String name) {
        return value(name) != null;
    }

    @Nullable String text(String name) {
        byte @Nullable [] value = value(name);
        return value == null ? null : new String(value, UTF_8);
    }

    /** A number in decimal digits. */
    long number(String name) {
        String text = required(name);
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("the letter's header " + name + " is no number: '" + text + "'", e);
        }
    }

    /** A number of 4 or 8 bytes, the most significant first. */
    long binary(String name) {
        byte @Nullable [] value = value(name);
        if (value == null) {
            throw missing(name);
        }
        if (value.length == Integer.BYTES) {
            return ByteBuffer.wrap(value).getInt();
        }
        if (value.length == Long.BYTES) {
            return ByteBuffer.wrap(value).getLong();
        }
        throw new IllegalArgumentException(
                "the letter's header " + name + " should be a number of 4 or 8 bytes, and has " + value.length);
    }

    String required(String name) {
        @Nullable String text = text(name);
        if (text == null) {
            throw missing(name);
        }
        return text;
    }

    private byte @Nullable [] value(String name) {
        Iterator<Header> named = headers.headers(name).iterator();
        return named.hasNext() ? named.next().value() : null;
    }

    private static IllegalArgumentException missing(String name) {
        return new IllegalArgumentException("the letter has no header " + name);
    }
}
