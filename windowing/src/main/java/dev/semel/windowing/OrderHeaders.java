package dev.semel.windowing;

import dev.semel.windowing.internal.streams.OrderHeaderNames;

/**
 * Headers that {@link EventTimeSorter} and {@link Resequencer} add to records that are not in their order; those in order have none. All
 * values are texts in UTF-8. Late records have those of {@link WindowHeaders}, but for the window, with {@link #BEFORE_WATERMARK} as the
 * reason.
 */
public final class OrderHeaders {

    /** The value of {@link WindowHeaders#LATE_REASON} of what a sorter takes for late. */
    public static final String BEFORE_WATERMARK = OrderHeaderNames.BEFORE_WATERMARK;

    /** Of rejected records: why, such as {@code null_key} or {@code future}. */
    public static final String REJECTED_REASON = OrderHeaderNames.REJECTED_REASON;

    /** Of duplicates, and of what went to the gaps: the record's number. */
    public static final String SEQUENCE_NUMBER = OrderHeaderNames.SEQUENCE_NUMBER;

    /** Of duplicates, and of what went to the gaps: the number that was expected. */
    public static final String SEQUENCE_EXPECTED = OrderHeaderNames.SEQUENCE_EXPECTED;

    /** Of what went to the gaps: which bound was over, {@code time} or {@code count}. */
    public static final String GAP_REASON = OrderHeaderNames.GAP_REASON;

    private OrderHeaders() {}
}
