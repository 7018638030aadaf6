package dev.semel.dlq.streams;

import static dev.semel.dlq.streams.FussySerde.bytes;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semel.core.failure.DeadLetter;
import dev.semel.core.failure.FailureClass;
import dev.semel.core.failure.Redactor;
import dev.semel.core.failure.UnreadableEventException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.errors.LogAndContinueExceptionHandler;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.TimeWindows;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is in a letter, and where there is none. The test driver has one partition of each topic, is refused nothing, and under
 * exactly-once throws away what is sent before it handles a record, as the letters of what cannot be read are: partitions,
 * transactions and refused outputs are tested on a broker.
 */
class DeadLetterExceptionHandlerTest {

    private static final byte[] BINARY = {0, (byte) 0xff, (byte) 0xc3, 10, 0};
    private static final long TIMESTAMP = 1_234_567;

    private final Map<String, Object> properties = DeadLetterExceptionHandler.in(
            new HashMap<>(Map.of(
                    StreamsConfig.APPLICATION_ID_CONFIG,
                    "app",
                    StreamsConfig.DEFAULT_KEY_SERDE_CLASS_CONFIG,
                    Serdes.StringSerde.class,
                    StreamsConfig.DEFAULT_VALUE_SERDE_CLASS_CONFIG,
                    FussySerde.class)),
            "letters");
    private final RecordHeaders headers = new RecordHeaders();
    private final StreamsBuilder builder = new StreamsBuilder();

    @Test
    void whatCannotBeReadIsInItsLetterByteForByte() {
        headers.add("traceparent", BINARY);
        headers.add("twice", bytes("1"));
        headers.add("twice", bytes("2"));
        headers.add("nothing", null);
        toOut(builder.stream("in"));

        var letter = onlyLetterOf(BINARY, bytes("unreadable 1"));

        assertThat(letter.key()).isEqualTo(BINARY);
        assertThat(letter.value()).isEqualTo(bytes("unreadable 1"));
        assertThat(businessHeaders(letter)).containsExactly(headers.toArray());
        assertThat(read(letter))
                .returns("app/in/0/0", DeadLetter::id)
                .returns("app", DeadLetter::group)
                .returns(FailureClass.DESERIALIZATION_FAILED, DeadLetter::failureClass)
                .returns(new TopicPartition("in", 0), DeadLetter::origin)
                .returns(0L, DeadLetter::offset)
                .returns(1, DeadLetter::attempt)
                .returns(TIMESTAMP, DeadLetter::originalTimestamp)
                .returns("org.apache.kafka.common.errors.SerializationException", DeadLetter::exception)
                .returns("cannot read unreadable 1", DeadLetter::message)
                .returns(false, DeadLetter::bytesOmitted);
        assertThat(Duration.between(read(letter).firstFailedAt(), Instant.now()))
                .isBetween(Duration.ZERO, Duration.ofMinutes(1));
        assertThat(text(letter, DeadLetter.STACK_TRACE)).contains("FussySerde");
    }

    @Test
    void whatTheTopologyFailsOnIsALetterAndTheNextRecordGoesOn() {
        headers.add("ce_id", bytes("e-1"));
        toOut(builder.stream("in"));

        try (var driver = new Driver()) {
            driver.pipe(bytes("k"), bytes("unhandled"));
            driver.pipe(bytes("k"), bytes("fine"));

            var letter = driver.onlyLetter();
            assertThat(letter.value()).isEqualTo(bytes("unhandled"));
            assertThat(businessHeaders(letter)).containsExactly(headers.toArray());
            assertThat(read(letter))
                    .returns(FailureClass.HANDLER_EXCEPTION, DeadLetter::failureClass)
                    .returns(IllegalStateException.class.getName(), DeadLetter::exception)
                    .returns(false, DeadLetter::bytesOmitted);
            assertThat(driver.outputs()).containsExactly("fine");
        }
    }

    @Test
    void anOutputThatCannotBeWrittenIsALetterOfItsSource() {
        toOut(builder.stream("in"));
        var letter = onlyLetterOf(null, bytes("unwritable"));
        assertThat(letter.key()).isNull();
        assertThat(letter.value()).isEqualTo(bytes("unwritable"));
        assertThat(read(letter)).returns(FailureClass.OUTPUT_REJECTED, DeadLetter::failureClass);
    }

    @Test
    void aNullStaysNullAndIsNotTakenForMissingBytes() {
        builder.stream("in", Consumed.with(Serdes.String(), Serdes.serdeFrom((t, d) -> new byte[0], failing(() -> {
            throw new IllegalArgumentException("nothing there");
        }))));
        var letter = onlyLetterOf(null, null);
        assertThat(letter.key()).isNull();
        assertThat(letter.value()).isNull();
        assertThat(read(letter).bytesOmitted()).isFalse();
    }

    /** Streams has forgotten the source's bytes by then; the letter says where they are. */
    @Test
    void afterAnOutputTheLetterIsWithoutBytesAndSaysSo() {
        headers.add("ce_id", bytes("e-1"));
        KStream<String, String> stream = builder.stream("in");
        stream.to("out");
        stream.mapValues(FussySerde::handle).to("other");

        var letter = onlyLetterOf(bytes("k"), bytes("unhandled"));

        assertThat(letter.key()).isNull();
        assertThat(letter.value()).isNull();
        assertThat(businessHeaders(letter)).containsExactly(headers.toArray());
        assertThat(read(letter))
                .returns(true, DeadLetter::bytesOmitted)
                .returns("app/in/0/0", DeadLetter::id)
                .returns(FailureClass.HANDLER_EXCEPTION, DeadLetter::failureClass);
    }

    @Test
    void aRepartitionedWindowedRecordHasTheInternalTopicForItsOrigin() {
        builder.<String, String>stream("in")
                .map((key, value) -> KeyValue.pair("new " + key, value))
                .groupByKey(Grouped.as("minutes"))
                .windowedBy(TimeWindows.ofSizeWithNoGrace(Duration.ofMinutes(1)))
                .aggregate(() -> "", (key, value, sum) -> sum + FussySerde.handle(value));

        var letter = onlyLetterOf(bytes("k"), bytes("unhandled"));

        assertThat(letter.key()).isEqualTo(bytes("new k"));
        assertThat(letter.value()).isEqualTo(bytes("unhandled"));
        assertThat(read(letter))
                .returns(new TopicPartition("app-minutes-repartition", 0), DeadLetter::origin)
                .returns(false, DeadLetter::bytesOmitted);
    }

    @Test
    void aLetterThatFailsAgainHasTheHeadersOfTheLastFailureOnly() {
        toOut(builder.stream("in"));
        headers.add("traceparent", bytes("00-1"));
        var first = onlyLetterOf(bytes("k"), bytes("unreadable"));
        first.headers().forEach(header -> {
            if (!header.key().equals("traceparent")) {
                headers.add(header);
            }
        });
        headers.add(DeadLetter.BYTES_OMITTED, bytes("true"));

        var second = onlyLetterOf(bytes("k"), bytes("unreadable"));

        assertThat(names(second)).isEqualTo(names(first)).doesNotHaveDuplicates();
    }

    @Test
    void largeHeadersAreKeptAsLongAsTheLetterFits() {
        headers.add("large", new byte[100 * 1024]);
        toOut(builder.stream("in"));
        var whole = onlyLetterOf(bytes("k"), bytes("unreadable"));
        assertThat(whole.headers().lastHeader("large").value()).hasSize(100 * 1024);

        properties.put(DeadLetterExceptionHandler.MAX_BYTES_CONFIG, 100 * 1024);
        var cut = onlyLetterOf(bytes("k"), bytes("unreadable"));
        assertThat(cut.headers().lastHeader("large")).isNull();
        assertThat(cut.value()).isNull();
        assertThat(read(cut)).returns(true, DeadLetter::bytesOmitted).returns("app/in/0/0", DeadLetter::id);
    }

    @Test
    void theProducersLimitIsTheLettersToo() {
        properties.put(StreamsConfig.producerPrefix("max.request.size"), 50_000);
        toOut(builder.stream("in"));
        headers.add("large", new byte[50_000]);
        assertThat(read(onlyLetterOf(bytes("k"), bytes("unreadable"))).bytesOmitted())
                .isTrue();
    }

    @Test
    void whereNotEvenTheHeadersFitTheThreadStops() {
        properties.put(DeadLetterExceptionHandler.MAX_BYTES_CONFIG, "100");
        toOut(builder.stream("in"));
        assertStops(driver -> driver.pipe(bytes("k"), bytes("unreadable")));
    }

    @Test
    void theApplicationsVersionIsInTheLetterAndARedactorDecidesWhatElseIs() {
        properties.put(DeadLetterExceptionHandler.APP_VERSION_CONFIG, "1.2.3");
        properties.put(DeadLetterExceptionHandler.REDACTOR_CONFIG, Hushing.class.getName());
        toOut(builder.stream("in"));
        var letter = onlyLetterOf(bytes("k"), bytes("unreadable"));
        assertThat(text(letter, DeadLetter.APP_VERSION)).isEqualTo("1.2.3");
        assertThat(read(letter).message()).isEqualTo("hush");
        assertThat(letter.headers().lastHeader(DeadLetter.STACK_TRACE)).isNull();
    }

    @Test
    void aDeserializerThatKnowsTheFailureClassIsBelieved() {
        builder.stream("in", Consumed.with(Serdes.String(), Serdes.serdeFrom((t, d) -> new byte[0], failing(() -> {
            throw new UnreadableEventException(FailureClass.SCHEMA_TOO_NEW, "order v9", "too new", null);
        }))));
        assertThat(read(onlyLetterOf(null, bytes("v9"))).failureClass()).isEqualTo(FailureClass.SCHEMA_TOO_NEW);
    }

    static Stream<RuntimeException> notTheRecords() {
        return Stream.of(
                new TimeoutException("the cluster is away"),
                // What an earlier record's output failed with: Streams throws it at the record that comes next.
                new StreamsException("sending failed", new RecordTooLargeException("too large")),
                new ProcessorStateException("disk full"),
                new InvalidStateStoreException("closed"));
    }

    /** Otherwise an outage would make letters of everything that is read while it lasts. */
    @ParameterizedTest
    @MethodSource("notTheRecords")
    void whatIsNotTheRecordsFaultStopsTheThreadWithoutALetter(RuntimeException exception) {
        builder.<String, String>stream("in").foreach((key, value) -> {
            throw exception;
        });
        assertStops(driver -> driver.pipe(bytes("k"), bytes("fine")));
    }

    static Stream<RuntimeException> theRecords() {
        return Stream.of(
                new SerializationException("of a store's serde"),
                new StreamsException("wrong type", new ClassCastException()),
                new StreamsException("of a serde", new SerializationException()),
                new KafkaException("of the user's"));
    }

    @ParameterizedTest
    @MethodSource("theRecords")
    void whatIsTheRecordsFaultIsALetterAlsoWhereKafkaHasTheWordForIt(RuntimeException exception) {
        builder.<String, String>stream("in").foreach((key, value) -> {
            throw exception;
        });
        assertThat(read(onlyLetterOf(bytes("k"), bytes("v"))).exception())
                .isEqualTo(exception.getClass().getName());
    }

    @Test
    void aPunctuatorHasNoRecordToLetter() {
        builder.<String, String>stream("in").process(FailingPunctuator::new);
        assertStops(driver -> driver.driver.advanceWallClockTime(Duration.ofSeconds(2)));
    }

    @Test
    void aTopologyThatReadsItsOwnLettersStopsAtTheFirstThatFailsAgain() {
        toOut(builder.stream(List.of("in", "letters")));
        assertStops(driver -> driver.driver
                .createInputTopic("letters", new ByteArraySerializer(), new ByteArraySerializer())
                .pipeInput(bytes("k"), bytes("unreadable")));
    }

    @Test
    void aTopologyThatReadsItsOwnLettersIsRefusedBeforeItStarts() {
        builder.stream("in");
        DeadLetterExceptionHandler.requireNotRead(builder.build(), "letters");

        assertRefused(reading -> reading.stream("letters"));
        assertRefused(reading -> reading.stream(Pattern.compile("let.*")));
        assertRefused(reading -> reading.globalTable("letters"));
    }

    private static void assertRefused(Consumer<StreamsBuilder> reading) {
        var builder = new StreamsBuilder();
        builder.stream("in");
        reading.accept(builder);
        Topology topology = builder.build();
        assertThatThrownBy(() -> DeadLetterExceptionHandler.requireNotRead(topology, "letters"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContainingAll("semel.dead.letter.topic", "letters");
    }

    @Test
    void withoutALetterTopicTheHandlerIsRefused() {
        var handler = new DeadLetterExceptionHandler();
        properties.remove(DeadLetterExceptionHandler.TOPIC_CONFIG);
        assertThatThrownBy(() -> handler.configure(properties))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("semel.dead.letter.topic");
        properties.put(DeadLetterExceptionHandler.TOPIC_CONFIG, " ");
        assertThatThrownBy(() -> handler.configure(properties)).isInstanceOf(ConfigException.class);
    }

    @Test
    void badPropertiesAreNamed() {
        var handler = new DeadLetterExceptionHandler();
        properties.put(DeadLetterExceptionHandler.MAX_BYTES_CONFIG, 0);
        assertThatThrownBy(() -> handler.configure(properties))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("semel.dead.letter.max.bytes");
        properties.remove(DeadLetterExceptionHandler.MAX_BYTES_CONFIG);
        properties.put(DeadLetterExceptionHandler.REDACTOR_CONFIG, String.class);
        assertThatThrownBy(() -> handler.configure(properties)).hasMessageContaining("Redactor");
    }

    @Test
    void anotherHandlerIsNotReplacedInSilence() {
        var others = new Properties();
        String key = StreamsConfig.DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG;
        others.put(key, LogAndContinueExceptionHandler.class);
        assertThatThrownBy(() -> DeadLetterExceptionHandler.in(others, "letters"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContainingAll(key, "LogAndContinueExceptionHandler");
        assertThat(others).hasSize(1);

        others.put(key, DeadLetterExceptionHandler.class.getName());
        assertThat(DeadLetterExceptionHandler.in(others, "letters")).hasSize(4);
    }

    private void assertStops(Consumer<Driver> what) {
        try (var driver = new Driver()) {
            assertThatThrownBy(() -> what.accept(driver)).isInstanceOf(StreamsException.class);
            assertThat(driver.letters()).isEmpty();
        }
    }

    private static void toOut(KStream<String, String> stream) {
        stream.mapValues(FussySerde::handle).to("out");
    }

    private static Deserializer<Object> failing(Supplier<Object> read) {
        return new Deserializer<>() {
            @Override
            public Object deserialize(String topic, byte[] data) {
                return read.get();
            }
        };
    }

    private TestRecord<byte[], byte[]> onlyLetterOf(byte @Nullable [] key, byte @Nullable [] value) {
        try (var driver = new Driver()) {
            driver.pipe(key, value);
            return driver.onlyLetter();
        }
    }

    private static DeadLetter read(TestRecord<byte[], byte[]> letter) {
        return DeadLetter.of(new ConsumerRecord<>(
                        "letters",
                        0,
                        0,
                        0,
                        TimestampType.CREATE_TIME,
                        -1,
                        -1,
                        letter.key(),
                        letter.value(),
                        letter.headers(),
                        Optional.empty()))
                .orElseThrow();
    }

    private static List<Header> businessHeaders(TestRecord<byte[], byte[]> letter) {
        return Stream.of(letter.headers().toArray())
                .filter(header -> !header.key().startsWith("__"))
                .toList();
    }

    private static List<String> names(TestRecord<byte[], byte[]> letter) {
        return Stream.of(letter.headers().toArray()).map(Header::key).sorted().toList();
    }

    private static String text(TestRecord<byte[], byte[]> letter, String name) {
        return new String(letter.headers().lastHeader(name).value(), UTF_8);
    }

    /** Runs what the builder has. */
    private final class Driver implements AutoCloseable {

        private final TopologyTestDriver driver;

        Driver() {
            var config = new Properties();
            config.putAll(properties);
            driver = new TopologyTestDriver(builder.build(), config, Instant.ofEpochMilli(TIMESTAMP));
        }

        void pipe(byte @Nullable [] key, byte @Nullable [] value) {
            driver.createInputTopic("in", new ByteArraySerializer(), new ByteArraySerializer())
                    .pipeInput(new TestRecord<>(key, value, new RecordHeaders(headers), TIMESTAMP));
        }

        List<TestRecord<byte[], byte[]>> letters() {
            return driver.createOutputTopic("letters", new ByteArrayDeserializer(), new ByteArrayDeserializer())
                    .readRecordsToList();
        }

        TestRecord<byte[], byte[]> onlyLetter() {
            List<TestRecord<byte[], byte[]>> letters = letters();
            assertThat(letters).hasSize(1);
            return letters.get(0);
        }

        List<String> outputs() {
            return driver
                    .createOutputTopic("out", new ByteArrayDeserializer(), new ByteArrayDeserializer())
                    .readValuesToList()
                    .stream()
                    .map(value -> new String(value, UTF_8))
                    .toList();
        }

        @Override
        public void close() {
            driver.close();
        }
    }

    private static final class FailingPunctuator extends ContextualProcessor<String, String, String, String> {

        @Override
        public void init(ProcessorContext<String, String> context) {
            super.init(context);
            context.schedule(Duration.ofSeconds(1), PunctuationType.WALL_CLOCK_TIME, timestamp -> {
                throw new IllegalStateException("of no record");
            });
        }

        @Override
        public void process(Record<String, String> record) {
            context().forward(record);
        }
    }

    /** Says nothing but that. */
    public static final class Hushing implements Redactor {

        @Override
        public String message(Throwable failure) {
            return "hush";
        }

        @Override
        public @Nullable String stackTrace(Throwable failure) {
            return null;
        }
    }
}
