package dev.semel.dlq.internal.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/**
 * For whom a command is, in its headers. The name of its topic does not tell: group {@code g} with topic {@code a.b} has the same as group
 * {@code g.a} with topic {@code b}.
 */
public final class Addressee {

    private static final String GROUP = "__semel.dlq.group";
    private static final String TOPIC = "__semel.dlq.source";

    private Addressee() {}

    static List<Header> headers(String group, String source) {
        return List.of(new RecordHeader(GROUP, group.getBytes(UTF_8)), new RecordHeader(TOPIC, source.getBytes(UTF_8)));
    }

    /** Whether it is for the owners in this group of partitions of this topic; so is one that does not say so. */
    public static boolean is(Headers headers, String group, String source) {
        return isOr(headers.lastHeader(GROUP), group) && isOr(headers.lastHeader(TOPIC), source);
    }

    private static boolean isOr(@Nullable Header header, String wanted) {
        return header == null || header.value() == null || new String(header.value(), UTF_8).equals(wanted);
    }
}
