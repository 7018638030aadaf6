package dev.semel.windowing.internal.streams;

import dev.semel.windowing.internal.format.ValueReader;
import dev.semel.windowing.internal.format.ValueWriter;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * What a record takes through a repartitioning, in a header.
 *
 * @param partition that it comes from
 * @param watermark of that partition, as it was before this record
 * @param eventTime of the record
 * @param source of the record; null if it has none
 */
record Stamp(
        int partition,
        long watermark,
        long eventTime,
        @Nullable String source) {

    private static final int VERSION = 1;

    void addTo(Headers headers) {
        var out = new ValueWriter(VERSION).number(partition).number(watermark).number(eventTime);
        if (source != null) {
            out.text(source);
        }
        headers.add(HeaderNames.STAMP, out.bytes());
    }

    /** Reads the stamp of a record, and leaves the record without. */
    static Stamp takenFrom(Headers headers) {
        Header header = headers.lastHeader(HeaderNames.STAMP);
        if (header == null) {
            throw new IllegalStateException("a record of the repartition topic has no header " + HeaderNames.STAMP
                    + ": something else than rekey(...) writes to that topic");
        }
        var in = new ValueReader("the header " + HeaderNames.STAMP, header.value(), VERSION);
        headers.remove(HeaderNames.STAMP);
        return new Stamp((int) in.number(), in.number(), in.number(), in.hasMore() ? in.text() : null);
    }
}
