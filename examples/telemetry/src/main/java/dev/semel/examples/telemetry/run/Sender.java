package dev.semel.examples.telemetry.run;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.semel.examples.telemetry.application.Judged;
import dev.semel.examples.telemetry.application.Names;
import dev.semel.examples.telemetry.input.TimedLine;
import dev.semel.examples.telemetry.reading.LineReader;
import dev.semel.examples.telemetry.reading.Reading;
import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Sends lines as they stand, each at its time, and at the end a heartbeat of each source. For one thread. */
final class Sender implements AutoCloseable {

    private static final int TIMEOUT_MILLIS = 60_000;
    private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final RunSettings settings;
    private final Iterator<TimedLine> lines;
    private final LineReader reader;
    private final Producer<byte[], byte[]> producer;
    private final Set<String> sources = new TreeSet<>();
    private final long beginNanos = System.nanoTime();
    private final FastestClock fastest;
    private @Nullable TimedLine next;
    private long sent;
    private volatile @Nullable Exception failure;

    Sender(RunSettings settings, String bootstrapServers) {
        this.settings = settings;
        this.lines = settings.input().lines();
        this.reader = new LineReader(settings.input().format());
        this.fastest = new FastestClock(settings);
        // Those that are waited for end as well, also where no line is of them.
        sources.addAll(settings.declared());
        this.producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                        true,
                        ProducerConfig.LINGER_MS_CONFIG,
                        5,
                        ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                        Cluster.MESSAGE_BYTES,
                        ProducerConfig.BUFFER_MEMORY_CONFIG,
                        4L * Cluster.MESSAGE_BYTES,
                        ProducerConfig.MAX_BLOCK_MS_CONFIG,
                        TIMEOUT_MILLIS,
                        ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                        TIMEOUT_MILLIS / 3,
                        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                        TIMEOUT_MILLIS),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /**
     * Sends what is due, for a short time.
     *
     * @param told of lines that are worth telling of
     * @return whether all has been sent
     */
    boolean sendDue(Consumer<String> told) {
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < SLICE_NANOS) {
            if (next == null) {
                if (!lines.hasNext()) {
                    return true;
                }
                next = lines.next();
            }
            if (TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beginNanos) < next.atMillis()) {
                return false;
            }
            send(next);
            if (next.said() != null) {
                told.accept(next.said());
            }
            next = null;
        }
        return false;
    }

    private void send(TimedLine line) {
        long now = System.currentTimeMillis();
        Judged judged = Judged.of(line.line(), now, reader, settings.futureBound());
        @Nullable Reading reading = judged.reading();
        if (judged.reason() == null && reading != null && reading.source() != null) {
            sources.add(reading.source());
            fastest.saw(reading.time());
        }
        sent++;
        send(
                line.line(),
                now,
                new RecordHeaders().add(Names.LINE, Long.toString(sent).getBytes(UTF_8)));
    }

    /** Says of each source that nothing more comes from it, so far in the future that all windows close that have a reading. */
    void sendHeartbeats() {
        long time = fastest.beyondAll();
        for (String source : sources) {
            send(
                    source.getBytes(UTF_8),
                    System.currentTimeMillis(),
                    new RecordHeaders().add(Names.HEARTBEAT, Long.toString(time).getBytes(UTF_8)));
        }
    }

    private void send(byte[] value, long timestamp, Headers headers) {
        producer.send(
                new ProducerRecord<>(settings.names().lines(), 0, timestamp, null, value, headers),
                (place, refused) -> {
                    if (refused != null && failure == null) {
                        failure = refused;
                    }
                });
    }

    /** Waits until all is acknowledged. */
    void flush() {
        producer.flush();
        checkSent();
    }

    /** Fails where something could not be sent. */
    void checkSent() {
        if (failure != null) {
            throw new RunFailedException("not all lines could be sent: " + failure, failure);
        }
    }

    long sent() {
        return sent;
    }

    /** How many readings came after the fastest clock of all had closed their window. */
    long lateByFastest() {
        return fastest.late();
    }

    @Override
    public void close() {
        producer.close(Duration.ZERO);
    }
}
