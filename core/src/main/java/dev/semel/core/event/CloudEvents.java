package dev.semel.core.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * The headers of CloudEvents 1.0 in the binary content mode of its
 * <a href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/kafka-protocol-binding.md">Kafka protocol
 * binding</a>.
 */
public final class CloudEvents {

    /** What all attribute headers begin with. */
    public static final String PREFIX = "ce_";

    public static final String SPEC_VERSION = PREFIX + "specversion";
    public static final String ID = PREFIX + "id";
    public static final String SOURCE = PREFIX + "source";
    public static final String TYPE = PREFIX + "type";

    /** RFC 3339. */
    public static final String TIME = PREFIX + "time";

    public static final String SUBJECT = PREFIX + "subject";

    /** An extension: the version of the event's schema, a whole number from 1. */
    public static final String DATA_VERSION = PREFIX + "dataversion";

    /** The media type of the value. */
    public static final String CONTENT_TYPE = "content-type";

    private CloudEvents() {}

    /** A header's text, or null where the record has none of that name (the last one counts). */
    public static @Nullable String text(Headers headers, String name) {
        @Nullable Header header = headers.lastHeader(name);
        return header == null || header.value() == null ? null : new String(header.value(), UTF_8);
    }

    /** Adds a header unless there is one of that name. */
    public static void addIfAbsent(Headers headers, String name, String value) {
        if (headers.lastHeader(name) == null) {
            headers.add(name, value.getBytes(UTF_8));
        }
    }
}
