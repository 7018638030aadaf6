package dev.semel.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.core.event.EventAttributes;
import dev.semel.core.event.EventSerde;
import dev.semel.core.event.JsonEvents;
import dev.semel.core.failure.DeadLetter;
import dev.semel.core.failure.FailureClass;
import dev.semel.core.failure.Redactor;
import dev.semel.core.failure.RetryPolicy;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A record that nobody can read is one letter, whole, and the next record is handled. */
@KafkaTest
class UnreadableRecordsIT {

    record Order(String id, int quantity, @Nullable String note) {}

    private static final String READABLE = "{\"id\":\"o-1\",\"quantity\":2}";

    private static EventProcessorBuilder<String, Order> processor(Processing processing, AtomicInteger handled) {
        return EventProcessor.<String, Order>builder()
                .kafka(processing.kafka.clientConfig())
                .group(processing.group)
                .topics(processing.input)
                .events(JsonEvents.of(Order.class))
                .onFailure(processing.lettersAfterThreeAttempts())
                .handler((event, context) -> {
                    handled.incrementAndGet();
                    context.send(processing.output, event.key(), event.value());
                });
    }

    private static final Map<String, String> UNREADABLE = new TreeMap<>(Map.of(
            "not JSON", "{\"id\": \"o-1\", \"quan",
            "a missing field", "{\"id\": \"o-1\"}",
            "a null field", "{\"id\": null, \"quantity\": 2}",
            "a wrong type", "{\"id\": \"o-1\", \"quantity\": \"many\"}",
            "a fraction", "{\"id\": \"o-1\", \"quantity\": 2.5}",
            "an array", "[1, 2]",
            "text behind the end", READABLE + " and more",
            "an empty value", "",
            "JSON's null", "null"));

    @Test
    void eachUnreadableRecordIsOneLetterAndTheNextRecordIsHandled(TestKafka kafka) {
        var processing = Processing.on(kafka);
        var kinds = List.copyOf(UNREADABLE.keySet());
        kinds.forEach(kind -> processing.send(UNREADABLE.get(kind), READABLE));
        var handled = new AtomicInteger();
        try (var processor = processor(processing, handled).build()) {
            processor.start();
            processing.awaitCommitted(2L * kinds.size());
        }
        assertThat(handled).as("only the readable ones, and once each").hasValue(kinds.size());
        assertThat(processing.outputs(kinds.size())).hasSize(kinds.size());
        List<ConsumerRecord<byte[], byte[]>> letters = processing.letterRecords(kinds.size());
        assertThat(letters).hasSameSizeAs(kinds);
        for (int i = 0; i < kinds.size(); i++) {
            String kind = kinds.get(i);
            ConsumerRecord<byte[], byte[]> letter = letters.get(i);
            assertThat(letter.key()).as(kind).isEqualTo(Processing.bytes("key"));
            assertThat(letter.value()).as(kind).isEqualTo(Processing.bytes(UNREADABLE.get(kind)));
            DeadLetter read = DeadLetter.of(letter).orElseThrow();
            assertThat(read.failureClass()).as(kind).isEqualTo(FailureClass.DESERIALIZATION_FAILED);
            assertThat(read.attempt()).as("reading again gives the same answer").isEqualTo(1);
            assertThat(read.origin()).as(kind).isEqualTo(processing.inputPartition());
            assertThat(read.offset()).as(kind).isEqualTo(2L * i);
            assertThat(read.id()).as(kind).isEqualTo(processing.group + "/" + processing.input + "/0/" + 2 * i);
        }
        assertThat(processing.letters(kinds.size()))
                .as("different faults, different fingerprints; an empty value and JSON's null both say nothing")
                .extracting(DeadLetter::fingerprint)
                .satisfies(prints -> assertThat(Set.copyOf(prints)).hasSize(kinds.size() - 1));
    }

    @Test
    void nullKeyNullValueAndHeadersAreKeptAsTheyAre(TestKafka kafka) {
        var processing = Processing.on(kafka);
        var business = new RecordHeader("tenant", new byte[] {0, -1, 7});
        var nothing = new RecordHeader("nothing", (byte @Nullable []) null);
        var twice = new RecordHeader("tenant", Processing.bytes("again"));
        kafka.send(List.of(new ProducerRecord<>(
                processing.input, 0, 1_700_000_000_000L, null, null, List.of(business, nothing, twice))));
        try (var processor = processor(processing, new AtomicInteger()).build()) {
            processor.start();
            processing.awaitCommitted(1);
        }
        assertThat(processing.letterRecords(1)).singleElement().satisfies(letter -> {
            assertThat(letter.key()).isNull();
            assertThat(letter.value()).isNull();
            assertThat(List.of(letter.headers().toArray()).subList(0, 3)).containsExactly(business, nothing, twice);
            assertThat(letter.timestamp()).as("when it was published").isGreaterThan(1_700_000_000_000L);
            assertThat(DeadLetter.of(letter).orElseThrow().originalTimestamp()).isEqualTo(1_700_000_000_000L);
            assertThat(letter.headers())
                    .extracting(header -> header.key())
                    .filteredOn(DeadLetter::isLetterHeader)
                    .doesNotHaveDuplicates();
        });
    }

    @Test
    void fiveMegabytesOfGarbageAreOneLetterByteForByte(TestKafka kafka) {
        var group = kafka.group("group");
        var input = kafka.topic("input", 1, Map.of("max.message.bytes", "6000000"));
        var letters = kafka.topic("letters", 1, Map.of("max.message.bytes", "6100000"));
        var garbage = new byte[5_000_000];
        new Random(7).nextBytes(garbage);
        sendLarge(kafka, input, garbage);
        try (var processor = EventProcessor.<String, Order>builder()
                .kafka(kafka.clientConfig())
                .group(group)
                .topics(input)
                .events(JsonEvents.of(Order.class))
                .onFailure(RetryPolicy.never().thenDeadLetter(letters))
                .handler((event, context) -> {})
                .build()) {
            processor.start();
            assertThat(kafka.readCommitted(letters, 1, Processing.DEADLINE))
                    .singleElement()
                    .satisfies(letter -> assertThat(letter.value()).isEqualTo(garbage));
        }
    }

    /** Compressed it passed the source topic's limit; as it is it passes nobody's. */
    @Test
    void aLetterThatFitsNowhereIsWrittenWithoutItsBytesAndSaysSo(TestKafka kafka) {
        var processing = Processing.on(kafka);
        sendLarge(kafka, processing.input, new byte[5_000_000]);
        processing.send(READABLE);
        try (var processor = processor(processing, new AtomicInteger()).build()) {
            processor.start();
            processing.awaitCommitted(2);
        }
        assertThat(processing.letterRecords(1)).singleElement().satisfies(letter -> {
            assertThat(letter.value()).isNull();
            DeadLetter read = DeadLetter.of(letter).orElseThrow();
            assertThat(read.bytesOmitted()).isTrue();
            assertThat(read.offset()).isZero();
        });
        assertThat(processing.outputs(1)).hasSize(1);
    }

    @Test
    void unreadableRecordsAreNoCrashLoopOverRestarts(TestKafka kafka) {
        var processing = Processing.on(kafka);
        var handled = new AtomicInteger();
        for (int restart = 1; restart <= 3; restart++) {
            processing.send("{", READABLE);
            try (var processor = processor(processing, handled).build()) {
                processor.start();
                processing.awaitCommitted(2L * restart);
            }
        }
        assertThat(handled).hasValue(3);
        assertThat(processing.letters(3)).extracting(DeadLetter::offset).containsExactly(0L, 2L, 4L);
        assertThat(processing.letters(3))
                .extracting(DeadLetter::fingerprint)
                .containsOnly(processing.letters(3).get(0).fingerprint());
    }

    @Test
    void aNewerVersionIsALetterAndNeverReadAsWhatItIsNot(TestKafka kafka) {
        var processing = Processing.on(kafka);
        kafka.send(processing.input, "key", READABLE, new RecordHeader("ce_dataversion", Processing.bytes("2")));
        var handled = new AtomicInteger();
        try (var processor = processor(processing, handled).build()) {
            processor.start();
            assertThat(processing.letters(1))
                    .singleElement()
                    .satisfies(letter -> assertThat(letter.failureClass()).isEqualTo(FailureClass.SCHEMA_TOO_NEW));
        }
        assertThat(handled).hasValue(0);
    }

    @Test
    void anExtractorThatThrowsMakesTheRecordUnreadable(TestKafka kafka) {
        var processing = Processing.on(kafka);
        processing.send(READABLE);
        try (var processor = processor(processing, new AtomicInteger())
                .attributes(EventAttributes.<Order>cloudEvents().withId((record, order) -> {
                    throw new IllegalStateException("no id here");
                }))
                .build()) {
            processor.start();
            assertThat(processing.letters(1))
                    .singleElement()
                    .satisfies(
                            letter -> assertThat(letter.failureClass()).isEqualTo(FailureClass.DESERIALIZATION_FAILED));
        }
    }

    /** Some deserializers remove the headers that they have read. */
    @Test
    void aDeserializerThatChangesHeadersChangesNeitherTheNextAttemptNorTheLetter(TestKafka kafka) {
        var processing = Processing.on(kafka);
        var type = new RecordHeader("type", Processing.bytes("text"));
        kafka.send(processing.input, "key", "value", type);
        Deserializer<String> removing = new StringDeserializer() {
            @Override
            public String deserialize(String topic, Headers headers, byte[] data) {
                assertThat(headers.lastHeader("type")).isEqualTo(type);
                headers.remove("type");
                return super.deserialize(topic, headers, data);
            }
        };
        try (var processor = processing
                .processor()
                .events(EventSerde.of(Serdes.String(), Serdes.serdeFrom(new StringSerializer(), removing)))
                .handler((event, context) -> {
                    throw new IllegalStateException("always");
                })
                .build()) {
            processor.start();
            assertThat(processing.letterRecords(1)).singleElement().satisfies(letter -> {
                assertThat(letter.headers().toArray()[0]).isEqualTo(type);
                assertThat(DeadLetter.of(letter).orElseThrow().failureClass())
                        .isEqualTo(FailureClass.HANDLER_EXCEPTION);
                assertThat(DeadLetter.of(letter).orElseThrow().attempt()).isEqualTo(3);
            });
        }
    }

    @Test
    void aRedactorDecidesWhatALetterTellsOfTheException(TestKafka kafka) {
        var processing = Processing.on(kafka);
        processing.send("secret");
        try (var processor = processor(processing, new AtomicInteger())
                .redactor(Redactor.everything())
                .build()) {
            processor.start();
            assertThat(processing.letterRecords(1)).singleElement().satisfies(letter -> {
                assertThat(Processing.header(letter, DeadLetter.MESSAGE)).isNull();
                assertThat(Processing.header(letter, DeadLetter.STACK_TRACE)).isNull();
                assertThat(Processing.header(letter, DeadLetter.EXCEPTION)).isNotNull();
            });
        }
    }

    @Test
    void headersOfALetterThatComesAgainDoNotGrow(TestKafka kafka) {
        var processing = Processing.on(kafka);
        processing.send("{");
        try (var processor = processor(processing, new AtomicInteger()).build()) {
            processor.start();
            ConsumerRecord<byte[], byte[]> letter = processing.letterRecords(1).get(0);
            kafka.send(
                    List.of(new ProducerRecord<>(processing.input, 0, letter.key(), letter.value(), letter.headers())));
            ConsumerRecord<byte[], byte[]> again = processing.letterRecords(2).get(1);
            assertThat(again.headers()).hasSameSizeAs(letter.headers());
            assertThat(DeadLetter.of(again).orElseThrow().offset()).isEqualTo(1);
        }
    }

    private static void sendLarge(TestKafka kafka, String topic, byte[] value) {
        var config = kafka.clientConfig();
        config.put("max.request.size", 10_000_000);
        config.put("compression.type", "gzip");
        config.put("acks", "all");
        try (var producer = KafkaClients.standard().producer(config)) {
            producer.send(new ProducerRecord<>(topic, 0, null, value));
            producer.flush();
        }
    }
}
