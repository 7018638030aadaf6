package dev.semel.windowing.internal.streams;

/** Headers that the sorter and the resequencer write. They are part of what users rely on: see {@code OrderHeaders}. */
public final class OrderHeaderNames {

    public static final String BEFORE_WATERMARK = "before_watermark";
    public static final String REJECTED_REASON = "semel_rejected_reason";
    public static final String SEQUENCE_NUMBER = "semel_sequence_number";
    public static final String SEQUENCE_EXPECTED = "semel_sequence_expected";
    public static final String GAP_REASON = "semel_gap_reason";

    private OrderHeaderNames() {}
}
