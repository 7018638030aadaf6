package dev.semel.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semel.testkit.FaultInjection.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each guarantee holds where it should and breaks where it is broken, on what a broker has. */
@KafkaTest
class GuaranteesIT {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofSeconds(3);

    private TestKafka kafka;
    private String in;
    private String out;
    private String letters;

    private final ExactlyOnceDelivery exactlyOnce = ExactlyOnceDelivery.ofOneOutput();
    private final PerKeyOrder order = PerKeyOrder.ofRecordKeys();
    private final NothingSilent nothingSilent = NothingSilent.unlessDeclared();

    @BeforeEach
    void topics(TestKafka kafka) {
        this.kafka = kafka;
        this.in = kafka.topic("in");
        this.out = kafka.topic("out");
        this.letters = kafka.topic("letters");
    }

    @Test
    void whatIsAnsweredOnceAndInOrderPassesEveryCheckOnTheWay() {
        Guarantees guarantees = all();
        send(in, "a1", "b1", "a2");
        guarantees.assertSoFar(SOON);
        send(out, "a1", "a2");
        guarantees.assertSoFar(SOON);
        send(in, "a3");
        send(out, "b1");
        send(letters, "a3");
        guarantees.assertComplete(SOON);
        assertThat(nothingSilent.counts()).isEqualTo(new NothingSilent.Counts(4, 3, 1, 0, 0));
        guarantees.assertComplete(SOON);
    }

    @Test
    void aLostRecordIsNamedByTheTwoThatMindAndIsNoFailureBeforeTheEnd() {
        send(in, "a1", "a2", "a3");
        send(out, "a1", "a3");
        Guarantees guarantees = all();
        guarantees.assertSoFar(SOON);
        assertThatThrownBy(() -> guarantees.assertComplete(SHORT))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("exactly-once delivery lacks outputs, for inputs out of 3: 1")
                .hasMessageContaining(in + "-0@1 (id a2, key a) has 0 of 1 outputs")
                .hasMessageContaining("inputs are silent; Counts[in=3, answered=2, lettered=0, skipped=0, silent=1]: 1")
                .hasMessageContaining(in + "-0@1 (id a2, key a) has neither output nor dead letter");
    }

    @Test
    void aDoubledRecordIsNamedAlsoWhenItComesBetweenTwoChecks() {
        send(in, "a1", "a2");
        send(out, "a1", "a2");
        Guarantees guarantees = all();
        guarantees.assertComplete(SOON);
        send(out, "a2");
        assertThatThrownBy(() -> guarantees.assertSoFar(SOON))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("exactly-once delivery is broken: 1")
                .hasMessageContaining(
                        in + "-0@1 (id a2, key a) has 2 outputs where 1 are due; the last is " + out + "-0@2 (key a)")
                .hasMessageNotContaining("order");
        assertThatThrownBy(() -> guarantees.assertComplete(SOON))
                .as("it stays broken")
                .isInstanceOf(AssertionError.class);
    }

    @Test
    void aRecordThatIsBothAnsweredAndLetteredIsNamed() {
        send(in, "a1", "a2");
        send(out, "a1");
        send(letters, "a2");
        Guarantees guarantees = all();
        guarantees.assertComplete(SOON);
        send(letters, "a1", "a2");
        assertThatThrownBy(() -> guarantees.assertComplete(SOON))
                .hasMessageContaining("exactly-once delivery is broken: 2")
                .hasMessageContaining("(id a1, key a) has outputs and the dead letter " + letters + "-0@1")
                .hasMessageContaining("(id a2, key a) has 2 dead letters; the last is " + letters + "-0@2")
                .hasMessageContaining("inputs are not answered for in one way")
                .hasMessageContaining("(id a1, key a) has an output and has a dead letter");
    }

    @Test
    void outputsOutOfOrderAreNamedAndOtherKeysMayOvertake() {
        send(in, "a1", "a2", "b1");
        send(out, "b1", "a2");
        Guarantees guarantees = all();
        guarantees.assertSoFar(SOON);
        send(out, "a1");
        assertThatThrownBy(() -> guarantees.assertComplete(SOON))
                .hasMessageContaining("the order per key is broken: 1")
                .hasMessageContaining("the output of " + in + "-0@0 (id a1, key a) comes behind that of " + in
                        + "-0@1 (id a2, key a), at " + out + "-0@2")
                .hasMessageNotContaining("exactly-once");
    }

    @Test
    void theOrderOfAWholePartitionCanBeAskedFor() {
        send(in, "a1", "b1");
        send(out, "b1", "a1");
        assertThatThrownBy(
                        () -> observed().expect(PerKeyOrder.of(input -> "all")).assertComplete(SOON))
                .hasMessageContaining("(id a1, key a) comes behind that of " + in + "-0@1");
    }

    @Test
    void anOutputOfNoInputIsNamed() {
        send(in, "a1");
        send(out, "a1", "a7");
        assertThatThrownBy(() -> all().assertComplete(SOON))
                .hasMessageContaining(out + "-0@1 (key a) was made from no input")
                .hasMessageContaining(out + "-0@1 (key a) answers no input");
    }

    @Test
    void skipsAreDeclaredByRuleOrAsTheyHappenAndThenHaveNoOutput() {
        NothingSilent skipping = NothingSilent.skipping(input -> new String(input.value(), UTF_8).startsWith("s"));
        ExactlyOnceDelivery none =
                ExactlyOnceDelivery.ofOutputs(input -> new String(input.value(), UTF_8).startsWith("a") ? 2 : 0);
        send(in, "a1", "s1", "t1");
        send(out, "a1", "a1");
        Guarantees guarantees = observed().expect(skipping, none);
        guarantees.assertSoFar(SOON);
        assertThatThrownBy(() -> guarantees.assertComplete(SHORT)).hasMessageContaining("(id t1, key t) has neither");
        skipping.skipped("t1");
        guarantees.assertComplete(SOON);
        assertThat(skipping.counts()).isEqualTo(new NothingSilent.Counts(3, 1, 0, 2, 0));
        send(out, "t1");
        assertThatThrownBy(() -> guarantees.assertSoFar(SOON))
                .hasMessageContaining("(id t1, key t) has an output and has been declared as skipped")
                .hasMessageContaining("(id t1, key t) has 1 outputs where 0 are due");
    }

    @Test
    void whatIsAbortedOrUndecidedIsNoAnswer() {
        send(in, "a1", "a2");
        Guarantees guarantees = all();
        try (Producer<byte[], byte[]> producer = transactionalProducer()) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(record(out, "a1"));
            producer.flush();
            producer.abortTransaction();
            producer.beginTransaction();
            producer.send(record(out, "a1"));
            producer.send(record(out, "a2"));
            producer.flush();
            guarantees.assertSoFar(SOON);
            assertThatThrownBy(() -> guarantees.assertComplete(SHORT))
                    .hasMessageContaining("(id a1, key a) has 0 of 1 outputs");
            producer.commitTransaction();
        }
        guarantees.assertComplete(SOON);
    }

    /** The request goes on although its caller has left, and asking again is how its outcome is found out. */
    @Test
    void aCommitThatFailsWhileItIsUnderWayComesAbout() {
        send(in, "a1");
        try (Producer<byte[], byte[]> producer = FaultInjection.producer(
                transactionalProducer(),
                FaultInjection.throwingDuring(Step.COMMIT, 1, Duration.ZERO, () -> new TimeoutException("injected")))) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(record(out, "a1"));
            assertThatThrownBy(producer::commitTransaction).hasMessage("injected");
            producer.commitTransaction();
        }
        all().assertComplete(SOON);
    }

    @Test
    void byDefaultEventsAreFollowedByWhatSemelWrites() {
        RecordHeader id = header("ce_id", "17");
        RecordHeader source = header("ce_source", "shop");
        kafka.send(in, "k", "with an id", id, source);
        kafka.send(in, "k", "without");
        kafka.send(in, "k", "lettered, with an id", header("ce_id", "18"), source);
        kafka.send(in, "k", "lettered, without");
        kafka.send(out, "k", "1", header("ce_id", "shop/17#0"), header("ce_source", "group"));
        kafka.send(out, "k", "2", header("ce_id", "kafka:" + in + "/0-1#0"));
        kafka.send(letters, "k", "3", header("ce_id", "18"), source, header("__streams.errors.topic", in));
        kafka.send(
                letters,
                "k",
                "4",
                header("__streams.errors.topic", in),
                header("__streams.errors.partition", "0"),
                header("__streams.errors.offset", "3"));
        Guarantees.on(kafka)
                .inputs(in)
                .outputs(out)
                .letters(letters)
                .expect(exactlyOnce, order, nothingSilent)
                .assertComplete(SOON);
    }

    @Test
    void inputsThatCannotBeToldApartAreRefused() {
        send(in, "a1", "a1");
        assertThatThrownBy(() -> all().assertSoFar(SOON))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(in + "-0@0")
                .hasMessageContaining(in + "-0@1")
                .hasMessageContaining("have the same identity");
        assertThatThrownBy(() -> Guarantees.on(kafka)
                        .inputs(in)
                        .outputs(out)
                        .identity(RecordIdentity.header("none"))
                        .expect(exactlyOnce)
                        .assertSoFar(SOON))
                .hasMessageContaining("has no identity");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Guarantees.on(kafka).inputs(in).expect(exactlyOnce));
    }

    @Test
    void aHundredThousandRecordsInManyPartitionsOneLostAndOneDoubled() {
        String wideIn = kafka.topic("wide-in", 6);
        String wideOut = kafka.topic("wide-out", 6);
        int records = 100_000;
        kafka.send(range(wideIn, records));
        List<ProducerRecord<byte[], byte[]>> outputs = new ArrayList<>(range(wideOut, records));
        outputs.set(77_777, outputs.get(77_777 - 1_000 * 6));
        kafka.send(outputs);
        Guarantees guarantees = Guarantees.on(kafka)
                .inputs(wideIn)
                .outputs(wideOut)
                .identity(RecordIdentity.value())
                .expect(exactlyOnce, order);
        assertThatThrownBy(() -> guarantees.assertSoFar(SOON))
                .hasMessageContaining("exactly-once delivery is broken: 1\n")
                .hasMessageContaining("(id 71777, ");
        assertThat(exactlyOnce.missing())
                .hasValueSatisfying(missing -> assertThat(missing)
                        .contains("for inputs out of 100000: 1\n")
                        .contains("(id 77777, "));
    }

    @Test
    void checksOfAnEmptyRunPass() {
        assertThatCode(() -> all().assertComplete(SOON)).doesNotThrowAnyException();
    }

    private static List<ProducerRecord<byte[], byte[]>> range(String topic, int count) {
        return IntStream.range(0, count)
                .mapToObj(i ->
                        new ProducerRecord<>(topic, i % 6, ("key-" + i % 50).getBytes(UTF_8), ("" + i).getBytes(UTF_8)))
                .toList();
    }

    private Guarantees all() {
        return observed().expect(exactlyOnce, order, nothingSilent);
    }

    private Guarantees.Builder observed() {
        return Guarantees.on(kafka).inputs(in).outputs(out).letters(letters).identity(RecordIdentity.value());
    }

    private void send(String topic, String... values) {
        for (String value : values) {
            kafka.send(List.of(record(topic, value)));
        }
    }

    /** The key is the first letter. */
    private static ProducerRecord<byte[], byte[]> record(String topic, String value) {
        return new ProducerRecord<>(topic, value.substring(0, 1).getBytes(UTF_8), value.getBytes(UTF_8));
    }

    private static RecordHeader header(String name, String value) {
        return new RecordHeader(name, value.getBytes(UTF_8));
    }

    private Producer<byte[], byte[]> transactionalProducer() {
        Map<String, Object> config = kafka.clientConfig();
        config.put("transactional.id", kafka.name("producer"));
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }
}
