package dev.semel.windowing.internal.streams;

import dev.semel.windowing.engine.Disposition.Late;
import dev.semel.windowing.engine.ResultKind;
import dev.semel.windowing.engine.ResultSink;
import dev.semel.windowing.engine.Window;
import dev.semel.windowing.engine.WindowResult;
import java.util.stream.Collectors;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.kstream.internals.SessionWindow;
import org.apache.kafka.streams.kstream.internals.TimeWindow;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/** Forwards results to one child and late records to the other. */
final class Outputs<K, V extends @Nullable Object, A> implements ResultSink<K, A> {

    private final ProcessorContext<Object, Object> context;
    private final RecordOutputs records;
    private final @Nullable String resultsChild;
    private final @Nullable String lateChild;
    private final boolean isOfSessions;
    private @Nullable TimeWindow lastWindow;

    Outputs(
            ProcessorContext<Object, Object> context,
            @Nullable String resultsChild,
            @Nullable String lateChild,
            boolean isOfSessions) {
        this.isOfSessions = isOfSessions;
        this.context = context;
        this.records = new RecordOutputs(context);
        this.resultsChild = resultsChild;
        this.lateChild = lateChild;
    }

    @Override
    public void result(WindowResult<K, A> result) {
        var headers = new RecordHeaders();
        if (result.kind() != ResultKind.FINAL) {
            RecordOutputs.text(headers, HeaderNames.PANE_KIND, result.kind().name());
            RecordOutputs.text(headers, HeaderNames.PANE_INDEX, Integer.toString(result.index()));
            if (!result.replaced().isEmpty()) {
                RecordOutputs.text(headers, HeaderNames.PANE_REPLACES, replaced(result));
            }
        }
        records.forward(
                new Record<>(
                        new Windowed<>(result.key(), isOfSessions ? session(result) : window(result.window())),
                        result.accumulator(),
                        possible(result.timestamp()),
                        headers),
                resultsChild);
    }

    /** Kafka's sessions end with their last event; the gap behind it is not in them. */
    private static <K, A> SessionWindow session(WindowResult<K, A> result) {
        return session(result.window(), result.window().end() - result.timestamp());
    }

    private static SessionWindow session(Window window, long gapMillis) {
        return new SessionWindow(window.start(), window.end() - gapMillis);
    }

    private static <K, A> String replaced(WindowResult<K, A> result) {
        long gapMillis = result.window().end() - result.timestamp();
        return result.replaced().stream()
                .map(window -> session(window, gapMillis))
                .map(session -> session.start() + "-" + session.end())
                .collect(Collectors.joining(" "));
    }

    private TimeWindow window(Window window) {
        TimeWindow before = lastWindow;
        if (before != null && before.start() == window.start() && before.end() == window.end()) {
            return before;
        }
        var made = new TimeWindow(window.start(), window.end());
        lastWindow = made;
        return made;
    }

    /** A broker refuses what is from the future. */
    private long possible(long timestamp) {
        return Math.min(timestamp, context.currentSystemTimeMs());
    }

    void late(Record<K, V> record, Late late, @Nullable String source) {
        if (lateChild != null) {
            records.forwardWith(
                    record,
                    lateChild,
                    HeaderNames.LATE_REASON,
                    HeaderNames.WINDOW_CLOSED,
                    HeaderNames.LATE_WATERMARK,
                    Long.toString(late.watermark()),
                    HeaderNames.LATE_WINDOW,
                    late.window().toString(),
                    HeaderNames.LATE_SOURCE,
                    source);
        }
    }
}
