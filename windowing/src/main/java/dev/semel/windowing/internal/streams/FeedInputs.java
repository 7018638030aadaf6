package dev.semel.windowing.internal.streams;

import dev.semel.windowing.internal.watermark.Feed;
import dev.semel.windowing.internal.watermark.SourceWatermarks;
import java.util.Optional;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/** The partitions that a task reads before a repartitioning. */
final class FeedInputs {

    private final SourceWatermarks marks;
    private final InputName name = new InputName();
    private @Nullable Feed feed;
    private boolean wasNone;

    FeedInputs(SourceWatermarks marks) {
        this.marks = marks;
    }

    void select(Optional<RecordMetadata> metadata) {
        if (name.select(metadata) || feed == null) {
            feed = marks.feed(name.text());
            wasNone |= name.isNone();
        }
    }

    /** What came before it was known where records are read from is not waited for any more, once it is known. */
    void tick(long now) {
        if (wasNone && !name.isNone()) {
            marks.finish(InputName.NONE, now);
            wasNone = false;
        }
    }

    String name() {
        return name.text();
    }

    Feed feed() {
        if (feed == null) {
            throw new IllegalStateException("no input has been selected yet");
        }
        return feed;
    }
}
