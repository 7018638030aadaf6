package dev.semel.windowing;

import dev.semel.windowing.internal.streams.HeaderNames;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.kstream.Window;
import org.apache.kafka.streams.kstream.internals.SessionWindow;

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

    /**
     * Of results of sessions in panes: the other sessions whose results this one replaces, since they have become one, or longer. Left
     * out where there are none. {@link #replacedSessions} reads it.
     */
    public static final String PANE_REPLACES = HeaderNames.PANE_REPLACES;

    private WindowHeaders() {}

    /**
     * The sessions whose results this one replaces: with the key of the result, they are the keys of those results.
     *
     * @param headers of a result
     * @return none, if it says nothing of any
     * @throws IllegalArgumentException if the header has another form
     */
    public static List<Window> replacedSessions(Headers headers) {
        Header header = headers.lastHeader(PANE_REPLACES);
        return header == null
                ? List.of()
                : Arrays.stream(new String(header.value(), StandardCharsets.UTF_8).split(" "))
                        .map(WindowHeaders::session)
                        .toList();
    }

    private static Window session(String bounds) {
        String[] parts = bounds.split("-");
        if (parts.length != 2) {
            throw new IllegalArgumentException("the header " + PANE_REPLACES + " has '" + bounds
                    + "', and has to have sessions, such as 1000-4000: it was not written by this library");
        }
        return new SessionWindow(Long.parseLong(parts[0]), Long.parseLong(parts[1]));
    }
}
