package dev.semel.examples.telemetry.application;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.semel.examples.telemetry.reading.LineReader;
import dev.semel.examples.telemetry.reading.Reading;
import java.time.Duration;
import java.util.Objects;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/** Reads lines, and marks those that are to be rejected with the reason. */
final class Intake extends ContextualProcessor<byte[], byte[], @Nullable String, Judged> {

    private final LineReader reader;
    private final Duration futureBound;

    Intake(LineReader reader, Duration futureBound) {
        this.reader = reader;
        this.futureBound = futureBound;
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        Header heartbeat = record.headers().lastHeader(Names.HEARTBEAT);
        if (heartbeat == null) {
            line(record);
        } else {
            long time = Long.parseLong(new String(heartbeat.value(), UTF_8));
            Reading reading = Reading.heartbeat(new String(record.value(), UTF_8), time);
            // It may be ahead of the time of day, which readings must not be, and a heartbeat is no reading.
            long timestamp = Math.max(record.timestamp(), time);
            context()
                    .forward(new Record<>(
                            reading.key(),
                            new Judged(record.value(), reading, null, null),
                            timestamp,
                            record.headers()));
        }
    }

    private void line(Record<byte[], byte[]> record) {
        byte[] line = record.value() == null ? new byte[0] : record.value();
        Judged judged = Judged.of(line, record.timestamp(), reader, futureBound);
        var headers = new RecordHeaders(record.headers());
        if (judged.reason() != null) {
            headers.add(Names.REASON, judged.reason().name().getBytes(UTF_8));
            headers.add(Names.DETAIL, Objects.requireNonNull(judged.detail()).getBytes(UTF_8));
        }
        String key = judged.reading() == null ? null : judged.reading().key();
        context().forward(new Record<>(key, judged, record.timestamp(), headers));
    }
}
