package dev.semel.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semel.core.event.EventAttributes;
import dev.semel.core.event.EventSerde;
import dev.semel.core.event.JsonEvents;
import dev.semel.core.failure.ConfigurationException;
import dev.semel.core.failure.Failure;
import dev.semel.core.failure.FailureDecision;
import dev.semel.core.failure.FailurePolicy;
import dev.semel.core.failure.Redactor;
import dev.semel.core.failure.RetryPolicy;
import dev.semel.core.health.ProcessorState;
import dev.semel.core.participant.PartitionParticipant;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.kafka.common.serialization.Serdes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the builder refuses, and that each refusal names the setting, its value and the rule. */
class EventProcessorBuilderTest {

    private static final String BOOTSTRAP = "bootstrap.servers";

    @Test
    void theRequiredSettingsAreEnough() {
        var processor = complete().build();
        assertThat(processor.state()).isEqualTo(ProcessorState.CREATED);
        assertThat(processor.failure()).isEmpty();
        processor.close();
        assertThat(processor.state()).isEqualTo(ProcessorState.STOPPED);
    }

    @Test
    void everythingElseCanBeSet() {
        assertThatCode(() -> complete()
                        .instance("pod-0")
                        .topics("more", "and more")
                        .startAt(StartPosition.latest())
                        .attributes(EventAttributes.cloudEvents())
                        .onFailure(RetryPolicy.never().thenDeadLetter("letters"))
                        .redactor(Redactor.everything())
                        .applicationVersion("1.2.3")
                        .participant(partition -> PartitionParticipant.NONE)
                        .concurrency(1)
                        .maxInFlight(1, 1)
                        .commitInterval(Duration.ofMillis(1))
                        .startDeadline(Duration.ofMillis(1))
                        .drainTimeout(Duration.ofMillis(1))
                        .clients(KafkaClients.standard())
                        .clock(InstantSource.fixed(Instant.EPOCH))
                        .build())
                .doesNotThrowAnyException();
    }

    static Stream<Arguments> missing() {
        return Stream.of(
                Arguments.of("bootstrap.servers", without(builder -> builder.kafka(Map.of()))),
                Arguments.of("group(...)", empty().topics("in").events(serde()).handler((event, context) -> {})),
                Arguments.of("topics(...)", empty().group("g").events(serde()).handler((event, context) -> {})),
                Arguments.of("events(...)", empty().group("g").topics("in").handler((event, context) -> {})),
                Arguments.of("handler(...)", empty().group("g").topics("in").events(serde())));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("missing")
    void whatIsRequiredIsNamedWhereItIsMissing(String setting, EventProcessorBuilder<String, String> builder) {
        assertRefused(builder, setting, "missing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t\n"})
    void namesAreNotBlank(String blank) {
        assertRefused(complete().group(blank), "group", "'" + blank + "'", "blank");
        assertRefused(complete().instance(blank), "instance", "'" + blank + "'", "blank");
        assertRefused(complete().topics("fine", blank), "topics", "'" + blank + "'", "blank");
        assertThatThrownBy(() -> RetryPolicy.never().thenDeadLetter(blank))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("dead-letter topic")
                .hasMessageContaining("blank");
    }

    /** name, value, part of the rule; the name without a prefix. */
    private static final List<Arguments> REFUSED_BY_THE_CONSUMER = List.of(
            Arguments.of("enable.auto.commit", true, "transactions"),
            Arguments.of("enable.auto.commit", "true", "transactions"),
            Arguments.of("isolation.level", "read_uncommitted", "read_committed"),
            Arguments.of("auto.offset.reset", "latest", "startAt"),
            Arguments.of("auto.offset.reset", "earliest", "startAt"),
            Arguments.of("auto.offset.reset", "by_duration:PT1H", "startAt"),
            Arguments.of("group.id", "another", "group(...)"),
            Arguments.of("group.instance.id", "another", "instance(...)"),
            Arguments.of("key.deserializer", "org.apache.kafka.common.serialization.StringDeserializer", "events(...)"),
            Arguments.of(
                    "value.deserializer",
                    org.apache.kafka.common.serialization.StringDeserializer.class,
                    "events(...)"),
            Arguments.of("max.poll.interval.ms", 10_000, "transaction.timeout.ms 10000"),
            Arguments.of("max.poll.interval.ms", "9999", "transaction.timeout.ms 10000"),
            Arguments.of("max.poll.interval.ms", "five minutes", "whole number"),
            Arguments.of("max.poll.interval.ms", 1.5, "whole number"));

    private static final List<Arguments> REFUSED_BY_THE_PRODUCER = List.of(
            Arguments.of("transaction.two.phase.commit.enable", true, "never expire"),
            Arguments.of("transaction.two.phase.commit.enable", "true", "never expire"),
            Arguments.of("transactional.id", "mine", "instance(...)"),
            Arguments.of("key.serializer", "org.apache.kafka.common.serialization.StringSerializer", "events(...)"),
            Arguments.of(
                    "value.serializer", org.apache.kafka.common.serialization.StringSerializer.class, "events(...)"),
            Arguments.of("enable.idempotence", false, "transactions need it"),
            Arguments.of("enable.idempotence", "false", "transactions need it"),
            Arguments.of("acks", "1", "transactions need it"),
            Arguments.of("acks", 0, "transactions need it"),
            Arguments.of("acks", 1, "transactions need it"),
            Arguments.of("transaction.timeout.ms", 300_000, "max.poll.interval.ms 300000"),
            Arguments.of("transaction.timeout.ms", "300001", "max.poll.interval.ms 300000"),
            Arguments.of("transaction.timeout.ms", 900_000L, "max.poll.interval.ms 300000"),
            Arguments.of("transaction.timeout.ms", "10s", "whole number"),
            Arguments.of("transaction.timeout.ms", 100, "commitInterval"),
            Arguments.of("transaction.timeout.ms", 0, "commitInterval"),
            Arguments.of("transaction.timeout.ms", -1, "commitInterval"),
            Arguments.of("max.block.ms", 5_001, "at most 5000"),
            Arguments.of("max.block.ms", "60000", "at most 5000"),
            Arguments.of("max.block.ms", "", "whole number"));

    @ParameterizedTest(name = "{0} = {1}")
    @FieldSource({"REFUSED_BY_THE_CONSUMER", "REFUSED_BY_THE_PRODUCER"})
    void aSettingThatBreaksTheGuaranteeIsRefused(String name, Object value, String rule) {
        assertRefused(with(Map.of(name, value)), name, readable(value), rule);
    }

    @ParameterizedTest(name = "consumer.{0} = {1}")
    @FieldSource("REFUSED_BY_THE_CONSUMER")
    void aSettingForTheConsumerIsRefusedAlike(String name, Object value, String rule) {
        assertRefused(with(Map.of("consumer." + name, value)), name, readable(value), rule);
    }

    @ParameterizedTest(name = "producer.{0} = {1}")
    @FieldSource("REFUSED_BY_THE_PRODUCER")
    void aSettingForTheProducerIsRefusedAlike(String name, Object value, String rule) {
        assertRefused(with(Map.of("producer." + name, value)), name, readable(value), rule);
    }

    @Test
    void theSettingForTheClientDecidesWhereBothAreGiven() {
        assertRefused(
                with(Map.of("enable.auto.commit", false, "consumer.enable.auto.commit", true)), "enable.auto.commit");
        assertAccepted(with(Map.of("enable.auto.commit", true, "consumer.enable.auto.commit", false)));
        assertRefused(with(Map.of("max.block.ms", 100, "producer.max.block.ms", 6_000)), "max.block.ms", "6000");
    }

    @ParameterizedTest
    @MethodSource
    void whatTheGuaranteeNeedsMayBeSaid(Map<String, Object> config) {
        assertAccepted(with(config));
    }

    static Stream<Map<String, Object>> whatTheGuaranteeNeedsMayBeSaid() {
        return Stream.of(
                Map.of("enable.auto.commit", false),
                Map.of("consumer.enable.auto.commit", "false"),
                Map.of("isolation.level", "read_committed"),
                Map.of("enable.idempotence", true),
                Map.of("acks", "all"),
                Map.of("acks", "-1"),
                Map.of("acks", -1),
                Map.of("transaction.two.phase.commit.enable", false),
                Map.of("max.block.ms", 5_000),
                Map.of("max.block.ms", "100"),
                Map.of("transaction.timeout.ms", "299999"),
                Map.of("transaction.timeout.ms", 101),
                Map.of("transaction.timeout.ms", 600_000, "max.poll.interval.ms", 600_001L),
                Map.of("max.poll.interval.ms", 10_001),
                Map.of("group.protocol", "consumer"),
                Map.of("something.of.an.interceptor", "x"));
    }

    @Test
    void theDrainTimeoutIsLessThanThePollInterval() {
        assertRefused(
                complete().drainTimeout(Duration.ofMinutes(5)),
                "drainTimeout",
                "PT5M",
                "max.poll.interval.ms",
                "300000");
        assertRefused(
                with(Map.of("consumer.max.poll.interval.ms", "20000")).drainTimeout(Duration.ofMillis(20_000)),
                "drainTimeout",
                "PT20S",
                "max.poll.interval.ms",
                "20000");
        assertAccepted(with(Map.of("max.poll.interval.ms", 20_000)).drainTimeout(Duration.ofMillis(19_999)));
    }

    @Test
    void theCommitIntervalIsLessThanTheTransactionTimeout() {
        assertRefused(
                complete().commitInterval(Duration.ofSeconds(10)),
                "commitInterval",
                "PT10S",
                "transaction.timeout.ms",
                "10000");
        assertAccepted(complete().commitInterval(Duration.ofMillis(9_999)));
        assertAccepted(with(Map.of("producer.transaction.timeout.ms", "20001")).commitInterval(Duration.ofSeconds(20)));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
    void numbersAreAtLeastOne(int number) {
        assertRefused(complete().concurrency(number), "concurrency", "" + number, "at least 1");
        assertRefused(complete().maxInFlight(number, 1), "maxInFlight records", "" + number, "at least 1");
        assertRefused(complete().maxInFlight(1, number), "maxInFlight bytes", "" + number, "at least 1");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE})
    void durationsArePositive(long seconds) {
        Duration duration = Duration.ofSeconds(seconds);
        assertRefused(complete().commitInterval(duration), "commitInterval", duration.toString(), "positive");
        assertRefused(complete().startDeadline(duration), "startDeadline", duration.toString(), "positive");
        assertRefused(complete().drainTimeout(duration), "drainTimeout", duration.toString(), "positive");
        assertRefused(complete().wedgeAfter(duration), "wedgeAfter", duration.toString(), "positive");
    }

    @Test
    void theLetterTopicIsNoneOfThoseThatAreRead() {
        assertRefused(
                complete().topics("letters").onFailure(RetryPolicy.never().thenDeadLetter("letters")),
                "letters",
                "dead-letter topic");
        assertAccepted(complete().onFailure(RetryPolicy.never().thenDeadLetter("letters")));
    }

    @Test
    void thePolicyIsAskedForItsLetterTopicOnce() {
        var asked = new int[1];
        complete()
                .onFailure(new FailurePolicy() {
                    @Override
                    public FailureDecision decide(Failure failure) {
                        return FailureDecision.stop();
                    }

                    @Override
                    public Optional<String> deadLetterTopic() {
                        asked[0]++;
                        return Optional.of("letters");
                    }
                })
                .build();
        assertThat(asked[0]).isEqualTo(1);
    }

    /** Beside an offset the broker takes 4,096 bytes, and a character can need nine of them. */
    @Test
    void aVersionFitsBesideAnOffset() {
        assertThatCode(() -> complete().applicationVersion("v".repeat(200)).build())
                .doesNotThrowAnyException();
        assertRefused(complete().applicationVersion("v".repeat(201)), "applicationVersion", "201", "200");
    }

    @Test
    void gapsBetweenVersionsAreFoundWhenTheProcessorIsBuilt() {
        var builder = EventProcessor.<String, Map<?, ?>>builder()
                .kafka(Map.of(BOOTSTRAP, "localhost:1"))
                .group("g")
                .topics("in")
                .handler((event, context) -> {});
        assertThatThrownBy(() -> gapped(builder).build())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("Order")
                .hasMessageContaining("from version 2 to 3");
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static EventProcessorBuilder<String, Map<?, ?>> gapped(EventProcessorBuilder<String, Map<?, ?>> builder) {
        JsonEvents events =
                JsonEvents.of(Map.class).upcast("Order", 1, event -> event).upcast("Order", 3, event -> event);
        return builder.events(events);
    }

    @Test
    void aSettingWithoutAValueIsNamed() {
        var config = new HashMap<String, Object>();
        config.put(BOOTSTRAP, "localhost:1");
        config.put("sasl.jaas.config", null);
        assertThatThrownBy(() -> complete().kafka(config))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("sasl.jaas.config");
    }

    @Test
    void laterChangesOfTheGivenMapDoNotCount() {
        var config = new HashMap<String, Object>(Map.of(BOOTSTRAP, "localhost:1"));
        var builder = complete().kafka(config);
        config.put("enable.auto.commit", true);
        assertAccepted(builder);
    }

    @Test
    void aProcessorRunsOnce() {
        var processor = complete().build();
        processor.close();
        assertThatThrownBy(processor::start)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("STOPPED");
    }

    private static void assertRefused(EventProcessorBuilder<String, String> builder, String... parts) {
        assertThatThrownBy(builder::build)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContainingAll(parts);
    }

    private static void assertAccepted(EventProcessorBuilder<String, String> builder) {
        assertThatCode(builder::build).doesNotThrowAnyException();
    }

    private static String readable(Object value) {
        return value.toString();
    }

    private static EventSerde<String, String> serde() {
        return EventSerde.of(Serdes.String(), Serdes.String());
    }

    private static EventProcessorBuilder<String, String> empty() {
        return EventProcessor.<String, String>builder().kafka(Map.of(BOOTSTRAP, "localhost:1"));
    }

    private static EventProcessorBuilder<String, String> complete() {
        return empty().group("group").topics("in").events(serde()).handler((event, context) -> {});
    }

    private static EventProcessorBuilder<String, String> without(
            UnaryOperator<EventProcessorBuilder<String, String>> change) {
        return change.apply(complete());
    }

    private static EventProcessorBuilder<String, String> with(Map<String, Object> config) {
        var all = new HashMap<String, Object>(config);
        all.put(BOOTSTRAP, "localhost:1");
        return complete().kafka(all);
    }

    /** The offsets would be committed to another cluster than the one that is read. */
    @ParameterizedTest
    @ValueSource(strings = {"consumer.", "producer.", "admin."})
    void allClientsAreOfOneCluster(String prefix) {
        assertRefused(with(Map.of(prefix + "bootstrap.servers", "another:1")), "bootstrap.servers", "another:1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1MB", "3000000000", "-1"})
    void theLargestRequestIsANumberOfBytes(String size) {
        assertRefused(with(Map.of("max.request.size", size)), "max.request.size", size);
    }

    @Test
    void theLetterTopicOfAnyPolicyHasAName() {
        FailurePolicy blank = new FailurePolicy() {
            @Override
            public FailureDecision decide(Failure failure) {
                return FailureDecision.deadLetter();
            }

            @Override
            public Optional<String> deadLetterTopic() {
                return Optional.of(" ");
            }
        };
        assertRefused(complete().onFailure(blank), "dead-letter topic", "blank");
    }

    /** As Kafka itself reads it. */
    @Test
    void caseAndSpaceAroundABooleanDoNotMatter() {
        assertAccepted(with(Map.of("enable.auto.commit", "FALSE", "enable.idempotence", " true ")));
    }
}
