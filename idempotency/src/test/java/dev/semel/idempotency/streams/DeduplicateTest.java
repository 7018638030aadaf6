package dev.semel.idempotency.streams;

import static dev.semel.idempotency.streams.DeduplicationDriver.RETENTION;
import static dev.semel.idempotency.streams.DeduplicationDriver.START;
import static dev.semel.idempotency.streams.DeduplicationDriver.byValue;
import static dev.semel.idempotency.streams.DeduplicationDriver.dropping;
import static dev.semel.idempotency.streams.DeduplicationDriver.splitting;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.stream.Stream;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.BuiltInDslStoreSuppliers;
import org.apache.kafka.streams.state.DslStoreSuppliers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What passes and what does not, without a broker. */
class DeduplicateTest {

    static Stream<DslStoreSuppliers> stores() {
        return Stream.of(BuiltInDslStoreSuppliers.ROCKS_DB, BuiltInDslStoreSuppliers.IN_MEMORY);
    }

    @ParameterizedTest
    @MethodSource("stores")
    void anEventPassesOnceAndItsCopiesAreDropped(DslStoreSuppliers stores) {
        try (var driver = dropping(byValue().storedIn(stores)::dropFrom)) {
            Stream.of("a", "b", "a", "c", "b", "a").forEach(driver::send);

            assertThat(driver.passed()).containsExactly("a", "b", "c");
            assertThat(driver.marks().persistent()).isEqualTo(stores == BuiltInDslStoreSuppliers.ROCKS_DB);
        }
    }

    @Test
    void whatPassesKeepsItsKeyHeadersAndTimestamp() {
        try (var driver = dropping(byValue()::dropFrom)) {
            driver.sendWithHeaders("a", "trace", "17");

            assertThat(driver.passedRecords()).singleElement().satisfies(record -> {
                assertThat(record.key()).isEqualTo("key");
                assertThat(record.headers().lastHeader("trace").value())
                        .asString()
                        .isEqualTo("17");
                assertThat(record.getRecordTime()).isEqualTo(START);
            });
        }
    }

    @Test
    void duplicatesCanBeRoutedToABranch() {
        try (var driver = splitting(byValue())) {
            Stream.of("a", "b", "a", "a").forEach(driver::send);

            assertThat(driver.passed()).containsExactly("a", "b");
            assertThat(driver.duplicates()).containsExactly("a", "a");
        }
    }

    @Test
    void aBranchThatNobodyTakesIsNoError() {
        try (var driver = dropping(payments -> byValue().split(payments).passed())) {
            Stream.of("a", "a", "b").forEach(driver::send);

            assertThat(driver.passed()).containsExactly("a", "b");
        }
    }

    @Test
    void itIsAProcessorForTheDsl() {
        try (var driver = dropping(payments -> payments.process(byValue(), Named.as("once")))) {
            Stream.of("a", "a", "b").forEach(driver::send);

            assertThat(driver.passed()).containsExactly("a", "b");
        }
    }

    @Test
    void itIsAProcessorForATopologyMadeByHand() {
        var topology = new Topology()
                .addSource("source", new StringDeserializer(), new StringDeserializer(), "payments")
                .addProcessor("once", byValue(), "source")
                .addSink("sink", "passed", new StringSerializer(), new StringSerializer(), "once");
        try (var driver = DeduplicationDriver.of(topology)) {
            Stream.of("a", "a", "b").forEach(driver::send);

            assertThat(driver.passed()).containsExactly("a", "b");
        }
    }

    /** Such a record has no offset, and no topic to stand for the source of its event. */
    @Test
    void recordsThatAreMadeInAPunctuationHaveIdsToo() {
        try (var driver = dropping(payments -> byEventId().dropFrom(payments.process(Made::new, Named.as("made"))))) {
            driver.advanceWallClock(Duration.ofSeconds(3));

            assertThat(driver.passed()).containsExactly("made");
        }
    }

    /** Makes the same event each second. */
    private static final class Made extends ContextualProcessor<String, String, String, String> {

        @Override
        public void init(ProcessorContext<String, String> context) {
            super.init(context);
            context.schedule(Duration.ofSeconds(1), PunctuationType.WALL_CLOCK_TIME, this::make);
        }

        private void make(long now) {
            var headers = new RecordHeaders().add("ce_id", new byte[] {'7'});
            context().forward(new Record<>("key", "made", now, headers));
        }

        @Override
        public void process(Record<String, String> record) {}
    }

    private static Deduplicate<String, String> byEventId() {
        return Deduplicate.<String, String>byEventId().named("once").retaining(RETENTION);
    }

    @Test
    void theIdComesFromWhateverTheExtractorLooksAt() {
        var byAll = Deduplicate.<String, String>by(record -> record.key()
                        + record.value()
                        + record.timestamp()
                        + record.headers().lastHeader("h"))
                .named("once")
                .retaining(RETENTION);
        try (var driver = dropping(byAll::dropFrom)) {
            driver.send("a");
            driver.send("a");
            driver.sendAt(START.plusMillis(1), "a");
            driver.sendWithHeaders("a", "h", "1");

            assertThat(driver.passed()).as("another timestamp, another header").hasSize(3);
        }
    }

    @Test
    void byDefaultAnEventIsNamedByItsSourceAndId() {
        try (var driver = splitting(byEventId())) {
            driver.sendWithHeaders("1", "ce_source", "shop", "ce_id", "17");
            driver.sendWithHeaders("2", "ce_source", "shop", "ce_id", "17");
            driver.sendWithHeaders("3", "ce_source", "bank", "ce_id", "17");
            driver.sendWithHeaders("4", "ce_id", "17");
            driver.sendWithHeaders("5", "ce_id", "17");
            driver.sendWithHeaders("6", "ce_source", "kafka:payments", "ce_id", "17");

            assertThat(driver.passed()).containsExactly("1", "3", "4");
            assertThat(driver.duplicates())
                    .as("its topic stands for the source")
                    .containsExactly("2", "5", "6");
        }
    }

    @Test
    void anIdMayBeLong() {
        String id = "x".repeat(10_000);
        try (var driver = splitting(byValue())) {
            Stream.of(id, id + "y", id).forEach(driver::send);

            assertThat(driver.passed()).containsExactly(id, id + "y");
            assertThat(driver.duplicates()).containsExactly(id);
            assertThat(driver.marks().approximateNumEntries()).isEqualTo(4);
            driver.marks()
                    .all()
                    .forEachRemaining(entry -> assertThat(entry.key.get()).hasSizeLessThan(20));
        }
    }

    @Test
    void aMarkThatCannotBeReadIsAnErrorAndNoGuess() {
        try (var driver = splitting(byValue())) {
            driver.send("a");
            driver.marks().all().forEachRemaining(entry -> driver.marks().put(entry.key, new byte[] {1, 2, 3}));

            assertThatThrownBy(() -> driver.send("a"))
                    .rootCause()
                    .isInstanceOf(StreamsException.class)
                    .hasMessageContainingAll(
                            "'once'", "store 'once-marks' in task 0_0 is corrupt", "shop-once-marks-changelog");
            assertThat(driver.passed()).containsExactly("a");
            assertThat(driver.duplicates()).isEmpty();
        }
    }
}
