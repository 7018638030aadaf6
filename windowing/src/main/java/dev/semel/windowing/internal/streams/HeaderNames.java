package dev.semel.windowing.internal.streams;

/** Headers that we write. They are part of what users rely on: see {@code WindowHeaders}. */
public final class HeaderNames {

    public static final String LATE_REASON = "semel_late_reason";
    public static final String LATE_WATERMARK = "semel_late_watermark";
    public static final String LATE_WINDOW = "semel_late_window";
    public static final String LATE_SOURCE = "semel_late_source";
    public static final String WINDOW_CLOSED = "window_closed";
    public static final String PANE_KIND = "semel_pane_kind";
    public static final String PANE_INDEX = "semel_pane_index";
    public static final String PANE_REPLACES = "semel_pane_replaces";

    /** Of records in a repartition topic only: see {@link Stamp}. */
    static final String STAMP = "semel_stamp";

    /** Of markers in a repartition topic only. */
    static final String MARKER = "semel_marker";

    private HeaderNames() {}
}
