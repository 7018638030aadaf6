package dev.semel.windowing;

import dev.semel.windowing.internal.streams.HeaderNames;

/** Headers that windows add to what they forward. All values are texts in UTF-8. */
public final class WindowHeaders {

    /** Of late records: why. {@code window_closed} is all that there is. */
    public static final String LATE_REASON = HeaderNames.LATE_REASON;

    /** Of late records: the watermark that they were judged by, in milliseconds. */
    public static final String LATE_WATERMARK = HeaderNames.LATE_WATERMARK;

    /** Of late records: the window that they would have been in, such as {@code [0, 60000)}; the last one, if there are several. */
    public static final String LATE_WINDOW = HeaderNames.LATE_WINDOW;

    /** Of late records: the source; left out where a record says nothing of it. */
    public static final String LATE_SOURCE = HeaderNames.LATE_SOURCE;

    /** Of results in panes: {@code EARLY}, {@code ON_TIME} or {@code LATE}. Final results have none. */
    public static final String PANE_KIND = HeaderNames.PANE_KIND;

    /** Of results in panes: which of this key and window it is, from 0. */
    public static final String PANE_INDEX = HeaderNames.PANE_INDEX;

    private WindowHeaders() {}
}
