package dev.semel.dlq.streams;

import dev.semel.core.failure.Redactor;
import dev.semel.dlq.internal.streams.LetterSettings;
import dev.semel.dlq.internal.streams.ReadTopics;
import dev.semel.dlq.internal.streams.StreamsLetters;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.DeserializationExceptionHandler;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProcessingExceptionHandler;
import org.apache.kafka.streams.errors.ProductionExceptionHandler;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * Makes dead letters of the records that a Kafka Streams topology cannot read, process or write the outputs of: Streams' three
 * exception handlers in one class. It hands the letter to Streams, which sends it with the task's producer, so that under {@code
 * exactly_once_v2} the letter, the task's outputs and its offsets are one transaction.
 *
 * <pre>{@code
 * DeadLetterExceptionHandler.in(properties, "orders.dlq");
 * }</pre>
 *
 * <p>The letter is the source record, byte for byte, with the headers that {@link dev.semel.core.failure.DeadLetter} reads; its
 * group is the application id. The letter topic must exist, with at least as many partitions as each topic that the topology reads,
 * internal ones included, and take letters of {@link #MAX_BYTES_CONFIG}. The topology must not read it: {@link #requireNotRead}.
 *
 * <h2>Why it goes on, and when it does not</h2>
 *
 * <p>It answers that the topology goes on without the record, and never that it fails with a letter: under exactly-once a failure
 * aborts the transaction, and the letter in it. It answers failure, without a letter and with an error in the log, where there can be
 * none; the record is then read again by whoever takes the task over:
 *
 * <ul>
 *   <li>The failure is not the record's own: of a state store, of the cluster (anything that Kafka calls retriable), or of an earlier
 *       send, which Streams reports with the record that comes next.
 *   <li>Under exactly-once, a producer or broker that refuses an output, as too large for example: the producer has given up the
 *       transaction by then, and no answer can save it (KAFKA-15259). Check sizes in the topology, where the failure is a
 *       processing failure. What a serializer throws is no such case.
 *   <li>No source record is known: a punctuator failed, or the broker refused a record of a changelog.
 *   <li>A global store or table: Streams sends no letters for them.
 *   <li>The letter itself cannot be sent, or the record was read from the letter topic.
 * </ul>
 *
 * <p>A retriable failure of the producer is answered with a retry: Streams reads the task's records again from its last commit. Only
 * for a letter it is a failure, since a missing letter topic looks the same.
 *
 * <h2>What Streams does not tell or undo</h2>
 *
 * <ul>
 *   <li>What a record did to state stores and outputs before it failed stays. A record that fails on several branches has a letter of
 *       each, all with the same id.
 *   <li>With the first output of a record Streams forgets its bytes. A letter that is written later has neither key nor value and
 *       says so ({@code __semel.dlq.bytes-omitted}); the bytes lie at its origin for as long as that is retained, which for an
 *       internal repartition topic is until the next commit. A record whose key and value are null cannot be told from such a one,
 *       except where it cannot be read.
 *   <li>Headers are those that the failing step saw, so with what earlier ones changed, and the original timestamp is the
 *       one that the timestamp extractor gave, except of what cannot be read.
 *   <li>Streams reads a record before it handles the one in front of it. Where a transaction commits in between, with the letter of
 *       what cannot be read and without its offset, and the process is killed or the partition moves then, there is a second
 *       letter with the same id. So take each id once; or read bytes, and turn them into what they mean in the first {@code
 *       mapValues}: what fails there has one letter.
 *   <li>Without exactly-once, a letter can be written again with the offsets that were not committed; and where the broker refuses
 *       an output later, the context that Streams gives is the record that the task is at by then. Such a letter says so
 *       ({@code __semel.dlq.origin-uncertain}).
 *   <li>A {@link ClassCastException} in the first processor of a subtopology reaches no handler: the thread stops.
 * </ul>
 *
 * <p>Streams' {@code TopologyTestDriver} shows these letters only without exactly-once: with it, the driver throws away what is sent
 * before it handles a record, and letters of what cannot be read are. It is refused no output, and has partition 0 only.
 *
 * <p>The handlers cannot reach the metrics of Streams: letters are counted by failure class in the log, for each instance of this
 * class, and Streams counts them among its {@code dropped-records}.
 *
 * <p>Threading: made and called by Streams, by several threads at once.
 */
public final class DeadLetterExceptionHandler
        implements DeserializationExceptionHandler, ProcessingExceptionHandler, ProductionExceptionHandler {

    /** The property that names the letter topic. Required. */
    public static final String TOPIC_CONFIG = LetterSettings.TOPIC;

    /** The property with the application's version, to be written in letters. Default: left out. */
    public static final String APP_VERSION_CONFIG = LetterSettings.APP_VERSION;

    /** The property with the class of a {@link Redactor} with a public constructor without arguments. Default: {@link Redactor#none()}. */
    public static final String REDACTOR_CONFIG = LetterSettings.REDACTOR;

    /**
     * The property with the size in bytes of the largest letter, uncompressed; larger ones are written without the record's bytes.
     * Default, and never more: the producer's {@code max.request.size}. Set it where {@code max.message.bytes} of the letter topic is
     * less than that.
     */
    public static final String MAX_BYTES_CONFIG = LetterSettings.MAX_BYTES;

    private static final List<String> HANDLERS = List.of(
            StreamsConfig.DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG,
            StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG,
            StreamsConfig.PRODUCTION_EXCEPTION_HANDLER_CLASS_CONFIG);

    private final Clock clock;
    private @Nullable StreamsLetters letters;

    /** For Kafka Streams, which calls {@link #configure} next. */
    public DeadLetterExceptionHandler() {
        this(Clock.systemUTC());
    }

    DeadLetterExceptionHandler(Clock clock) {
        this.clock = clock;
    }

    /**
     * Sets this class as all three handlers, and the letter topic.
     *
     * @param properties of the topology, changed here
     * @param letterTopic takes the letters
     * @return the properties
     * @throws ConfigException where the properties name another handler: it would not be called any more
     */
    public static Properties in(Properties properties, String letterTopic) {
        set(properties, letterTopic);
        return properties;
    }

    /** The same for a map. */
    public static Map<String, Object> in(Map<String, Object> properties, String letterTopic) {
        set(properties, letterTopic);
        return properties;
    }

    /**
     * Refuses a topology that reads its own letter topic, by name or by pattern: its letters would come back to it. Handlers do not
     * see the topology, so that without this call it is found out when the first letter fails again.
     *
     * @throws ConfigException where it does
     */
    public static void requireNotRead(Topology topology, String letterTopic) {
        if (ReadTopics.include(topology.describe(), letterTopic)) {
            throw new ConfigException(
                    TOPIC_CONFIG, letterTopic, "the topology reads it: name another topic, or narrow the sources");
        }
    }

    /**
     * Called by Kafka Streams.
     *
     * @throws ConfigException where {@link #TOPIC_CONFIG} is missing, or a property cannot work
     */
    @Override
    public void configure(Map<String, ?> properties) {
        letters = new StreamsLetters(LetterSettings.of(properties), clock);
    }

    @Override
    public DeserializationExceptionHandler.Response handleError(
            ErrorHandlerContext context, ConsumerRecord<byte[], byte[]> record, Exception exception) {
        return letters()
                .unreadable(context, record, exception)
                .map(letter -> DeserializationExceptionHandler.Response.resume(List.of(letter)))
                .orElseGet(DeserializationExceptionHandler.Response::fail);
    }

    @Override
    public ProcessingExceptionHandler.Response handleError(
            ErrorHandlerContext context, @Nullable Record<?, ?> record, Exception exception) {
        return letters()
                .unhandled(context, exception)
                .map(letter -> ProcessingExceptionHandler.Response.resume(List.of(letter)))
                .orElseGet(ProcessingExceptionHandler.Response::fail);
    }

    @Override
    public ProductionExceptionHandler.Response handleError(
            ErrorHandlerContext context, ProducerRecord<byte[], byte[]> output, Exception exception) {
        if (exception instanceof RetriableException && !letters().isLetter(output)) {
            return ProductionExceptionHandler.Response.retry();
        }
        return letters()
                .refused(context, output, exception)
                .map(letter -> ProductionExceptionHandler.Response.resume(List.of(letter)))
                .orElseGet(ProductionExceptionHandler.Response::fail);
    }

    @Override
    @SuppressWarnings("rawtypes")
    public ProductionExceptionHandler.Response handleSerializationError(
            ErrorHandlerContext context,
            ProducerRecord output,
            Exception exception,
            SerializationExceptionOrigin keyOrValue) {
        return letters()
                .unwritable(context, exception)
                .map(letter -> ProductionExceptionHandler.Response.resume(List.of(letter)))
                .orElseGet(ProductionExceptionHandler.Response::fail);
    }

    private StreamsLetters letters() {
        if (letters == null) {
            throw new IllegalStateException("not configured: configure(Map) comes first");
        }
        return letters;
    }

    private static void set(Map<? super String, Object> properties, String letterTopic) {
        Objects.requireNonNull(letterTopic, "letterTopic");
        for (String handler : HANDLERS) {
            @Nullable Object other = properties.get(handler);
            if (other != null && !isThis(other)) {
                throw new ConfigException(
                        handler, other, "another handler is set: remove it, or have that one write the letters");
            }
        }
        HANDLERS.forEach(handler -> properties.put(handler, DeadLetterExceptionHandler.class));
        properties.put(TOPIC_CONFIG, letterTopic);
    }

    private static boolean isThis(Object handler) {
        return handler == DeadLetterExceptionHandler.class
                || DeadLetterExceptionHandler.class.getName().equals(handler);
    }
}
