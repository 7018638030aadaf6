package dev.semel.dlq.internal.streams;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.semel.core.failure.DeadLetter;
import dev.semel.core.failure.Failure;
import dev.semel.core.failure.FailureClass;
import dev.semel.core.failure.LetterWriter;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the letters of a topology; Streams sends them. Where there can be none, it says in the log why, and whoever asked for it
 * has to stop.
 *
 * <p>Threading: Streams shares handlers between its threads, and calls them on the producer's, too.
 */
public final class StreamsLetters {

    private static final Logger log = LoggerFactory.getLogger(StreamsLetters.class);

    private static final byte[] TRUE = "true".getBytes(UTF_8);

    private final LetterSettings settings;
    private final Clock clock;
    private final LetterWriter format;
    private final Map<FailureClass, AtomicLong> written = new ConcurrentHashMap<>();

    public StreamsLetters(LetterSettings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
        this.format = new LetterWriter(
                settings.application(), settings.topic(), settings.redactor(), settings.applicationVersion());
    }

    /** The letter of a record that a deserializer cannot read: its bytes are at hand. */
    public Optional<ProducerRecord<byte[], byte[]>> unreadable(
            ErrorHandlerContext context, ConsumerRecord<byte[], byte[]> record, Exception exception) {
        return letter(context, FailureClasses.ofUnreadable(exception), record, exception, true);
    }

    /** The letter of a record that the topology failed on. */
    public Optional<ProducerRecord<byte[], byte[]>> unhandled(ErrorHandlerContext context, Exception exception) {
        return letter(context, FailureClass.of(exception), source(context), exception, hasBytes(context));
    }

    /** The letter of a record of which came an output that its serializer cannot write. */
    public Optional<ProducerRecord<byte[], byte[]>> unwritable(ErrorHandlerContext context, Exception exception) {
        return letter(context, FailureClasses.ofOutput(exception), source(context), exception, hasBytes(context));
    }

    /** The letter of a record of which came an output that the producer or the broker refuses. */
    public Optional<ProducerRecord<byte[], byte[]>> refused(
            ErrorHandlerContext context, ProducerRecord<byte[], byte[]> output, Exception exception) {
        if (isLetter(output)) {
            return none(
                    context,
                    exception,
                    "it is a letter that could not be sent: topic " + settings.topic()
                            + " must exist, have at least as many partitions as each source topic, and take records of "
                            + settings.maxBytes() + " bytes (or set " + LetterSettings.MAX_BYTES + ")");
        }
        if (settings.exactlyOnce()) {
            return none(
                    context,
                    exception,
                    "the producer gave up the transaction with the output to topic " + output.topic()
                            + ", and with it would go the letter");
        }
        Optional<ProducerRecord<byte[], byte[]>> letter =
                letter(context, FailureClasses.ofOutput(exception), source(context), exception, hasBytes(context));
        if (isOnTheProducersThread()) {
            letter.ifPresent(uncertain -> uncertain.headers().add(DeadLetter.ORIGIN_UNCERTAIN, TRUE));
        }
        return letter;
    }

    /** Whether the output is a letter of this topology. */
    public boolean isLetter(ProducerRecord<byte[], byte[]> output) {
        return output.topic().equals(settings.topic());
    }

    private Optional<ProducerRecord<byte[], byte[]>> letter(
            ErrorHandlerContext context,
            FailureClass failureClass,
            ConsumerRecord<byte[], byte[]> source,
            Exception exception,
            boolean withBytes) {
        @Nullable String obstacle = obstacle(context, exception);
        if (obstacle != null) {
            return none(context, exception, obstacle);
        }
        var failure = new Failure(failureClass, exception, source, 1, clock.instant(), 0, Duration.ZERO);
        ProducerRecord<byte[], byte[]> letter = format.letter(failure);
        if (!withBytes) {
            letter.headers().add(DeadLetter.BYTES_OMITTED, TRUE);
        }
        if (!fits(letter)) {
            letter = format.withoutBytes(failure);
        }
        if (!fits(letter)) {
            return none(
                    context,
                    exception,
                    "not even a letter without the record's bytes fits in " + settings.maxBytes() + " bytes: raise "
                            + LetterSettings.MAX_BYTES + " and the producer's max.request.size");
        }
        long count =
                written.computeIfAbsent(failureClass, any -> new AtomicLong()).incrementAndGet();
        log.warn(
                "{} failed in {} with {}, and is a dead letter, number {} of its failure class here: {}",
                failure.position(),
                context.processorNodeId(),
                failureClass,
                count,
                exception.getClass().getName());
        return Optional.of(letter);
    }

    private @Nullable String obstacle(ErrorHandlerContext context, Exception exception) {
        if (!Blame.isOnTheRecord(exception)) {
            return "the failure is not the record's own";
        }
        if (context.taskId().subtopology() < 0) {
            return "Kafka Streams sends no letters for global stores and global tables";
        }
        if (context.topic() == null || context.partition() < 0 || context.offset() < 0) {
            return "no source record is known: it failed in a punctuator, after one, or outside of any record";
        }
        if (context.topic().equals(settings.topic())) {
            return "the topology reads its own letter topic, and the letter would come back to it";
        }
        return null;
    }

    private boolean fits(ProducerRecord<byte[], byte[]> letter) {
        return LetterWriter.sizeOf(letter) <= settings.maxBytes();
    }

    private static Optional<ProducerRecord<byte[], byte[]>> none(
            ErrorHandlerContext context, Exception exception, String reason) {
        log.error(
                "No dead letter for {}-{}@{}, which failed in {} of task {}, so the stream thread has to stop: {}",
                context.topic(),
                context.partition(),
                context.offset(),
                context.processorNodeId(),
                context.taskId(),
                reason,
                exception);
        return Optional.empty();
    }

    private static ConsumerRecord<byte[], byte[]> source(ErrorHandlerContext context) {
        return new ConsumerRecord<>(
                Objects.requireNonNullElse(context.topic(), ""),
                Math.max(context.partition(), 0),
                Math.max(context.offset(), 0),
                context.timestamp(),
                TimestampType.CREATE_TIME,
                ConsumerRecord.NULL_SIZE,
                ConsumerRecord.NULL_SIZE,
                context.sourceRawKey(),
                context.sourceRawValue(),
                context.headers(),
                Optional.empty());
    }

    /** Streams forgets both with the first output of a record; a record without either cannot be told from one without bytes. */
    private static boolean hasBytes(ErrorHandlerContext context) {
        return context.sourceRawKey() != null || context.sourceRawValue() != null;
    }

    /** There the context is where the task has got to since, and not where the output came from. */
    private static boolean isOnTheProducersThread() {
        return Thread.currentThread().getName().startsWith(KafkaProducer.NETWORK_THREAD_PREFIX);
    }
}
