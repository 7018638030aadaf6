package dev.semel.idempotency.streams;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.core.failure.ConfigurationException;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.state.BuiltInDslStoreSuppliers;
import org.apache.kafka.streams.state.DslStoreSuppliers;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What needs a broker: transactions, changelogs, restores. */
@KafkaTest
class DeduplicateIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration RETENTION = Duration.ofHours(1);

    @TempDir
    private Path directory;

    static Stream<DslStoreSuppliers> stores() {
        return Stream.of(BuiltInDslStoreSuppliers.ROCKS_DB, BuiltInDslStoreSuppliers.IN_MEMORY);
    }

    @ParameterizedTest
    @MethodSource("stores")
    void marksAreRestoredWhereTheStateIsGone(DslStoreSuppliers stores, TestKafka kafka) {
        var payments = new Payments(kafka);
        Topology topology = DeduplicatingApp.topology(payments, byValue().storedIn(stores));
        payments.send(List.of("a", "b", "c"));
        whileRunning(payments, topology, "first", streams -> payments.awaitHandled(PATIENCE));

        payments.send(List.of("c", "b", "a", "d"));
        whileRunning(payments, topology, "second", streams -> payments.awaitHandled(PATIENCE));

        assertThat(payments.passed(4)).containsExactlyInAnyOrder("a", "b", "c", "d");
        assertThat(payments.duplicates(3)).containsExactlyInAnyOrder("a", "b", "c");
    }

    /** The kind of the store may change: both restore from the same changelog. */
    @Test
    void anotherKindOfStoreFindsTheSameMarks(TestKafka kafka) {
        var payments = new Payments(kafka);
        payments.send(List.of("a", "b"));
        for (DslStoreSuppliers stores : stores().toList()) {
            Topology topology = DeduplicatingApp.topology(payments, byValue().storedIn(stores));
            whileRunning(payments, topology, "same", streams -> payments.awaitHandled(PATIENCE));
            payments.send(List.of("a", "b"));
        }
        assertThat(payments.passed(2)).containsExactlyInAnyOrder("a", "b");
        assertThat(payments.duplicates(2)).containsExactlyInAnyOrder("a", "b");
    }

    /** Records that are read again are duplicates of themselves: what came of them is committed. */
    @Test
    void offsetsThatAreSetBackRepeatNothing(TestKafka kafka) throws Exception {
        var payments = new Payments(kafka);
        Topology topology = DeduplicatingApp.topology(payments, byValue());
        payments.send(List.of("a", "b", "c"));
        whileRunning(payments, topology, "first", streams -> payments.awaitHandled(PATIENCE));

        Map<TopicPartition, OffsetAndMetadata> begin = Map.of(
                new TopicPartition(payments.payments, 0), new OffsetAndMetadata(0),
                new TopicPartition(payments.payments, 1), new OffsetAndMetadata(0));
        // The last member leaves when its application closes; the coordinator may take a moment over it.
        Awaitility.await()
                .atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> kafka.admin()
                                .alterConsumerGroupOffsets(payments.application, begin)
                                .all()
                                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                        == null);
        payments.send(List.of("d"));
        whileRunning(payments, topology, "first", streams -> payments.awaitHandled(PATIENCE));

        assertThat(payments.passed(4)).containsExactlyInAnyOrder("a", "b", "c", "d");
        assertThat(payments.duplicates(3)).containsExactlyInAnyOrder("a", "b", "c");
    }

    /** Marks, their times and their order survive, no more and no less: what is left is in the changelog alone. */
    @Test
    void aRetentionGoesOnWhereItWasAndEndsInTheChangelogToo(TestKafka kafka) {
        var payments = new Payments(kafka);
        Topology topology = DeduplicatingApp.topology(payments, byValue().measuredBy(RetentionClock.EVENT_TIME));
        long begin = System.currentTimeMillis() - Duration.ofDays(30).toMillis();
        payments.sendAt(begin, "p1");
        whileRunning(payments, topology, "first", streams -> payments.awaitHandled(PATIENCE));

        payments.sendAt(begin + RETENTION.toMillis() - 1, "p1");
        whileRunning(payments, topology, "second", streams -> payments.awaitHandled(PATIENCE));
        assertThat(payments.passed(1)).containsExactly("p1");

        payments.sendAt(begin + RETENTION.toMillis(), "p3"); // of the same partition
        whileRunning(payments, topology, "third", streams -> payments.awaitHandled(PATIENCE));
        payments.sendAt(begin + RETENTION.toMillis(), "p1");
        whileRunning(payments, topology, "fourth", streams -> payments.awaitHandled(PATIENCE));

        assertThat(payments.passed(3)).containsExactly("p1", "p3", "p1");
        assertThat(payments.duplicates(1)).containsExactly("p1");
        assertThat(leftInChangelog(payments))
                .as("two entries for each of p3 and p1")
                .hasSize(4);
    }

    @Test
    void withoutExactlyOnceTheApplicationEndsInError(TestKafka kafka) throws Exception {
        var payments = new Payments(kafka);
        payments.send(List.of("a"));
        Properties config = config(payments, "first");
        config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.AT_LEAST_ONCE);
        var failure = new CompletableFuture<Throwable>();
        try (var streams = new KafkaStreams(DeduplicatingApp.topology(payments, byValue()), config)) {
            streams.setUncaughtExceptionHandler(error -> {
                failure.complete(error);
                return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
            });
            streams.start();

            assertThat(failure.get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isInstanceOf(StreamsException.class)
                    .hasRootCauseInstanceOf(ConfigurationException.class);
            Awaitility.await()
                    .dontCatchUncaughtExceptions()
                    .atMost(PATIENCE)
                    .until(() -> streams.state() == KafkaStreams.State.ERROR);
        }
        assertThat(payments.passed(0)).isEmpty();
        assertThat(kafka.committedOffsets(payments.application)).isEmpty();
    }

    @Test
    void metricsAreThoseOfTheApplication(TestKafka kafka) {
        var payments = new Payments(kafka);
        payments.send(List.of("a", "b", "a", "b", "b"));
        Topology topology = DeduplicatingApp.topology(payments, byValue());
        whileRunning(payments, topology, "first", streams -> {
            payments.awaitHandled(PATIENCE);
            assertThat(sum(streams, DeduplicateMetric.PASSED_TOTAL)).isEqualTo(2);
            assertThat(sum(streams, DeduplicateMetric.DUPLICATES_TOTAL)).isEqualTo(3);
            Awaitility.await()
                    .atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(sum(streams, DeduplicateMetric.ENTRIES)).isEqualTo(2));
        });
    }

    private static double sum(KafkaStreams streams, DeduplicateMetric metric) {
        return streams.metrics().entrySet().stream()
                .filter(entry -> entry.getKey().group().equals(DeduplicateMetric.GROUP))
                .filter(entry -> entry.getKey().name().equals(metric.metricName()))
                .mapToDouble(entry -> (double) entry.getValue().metricValue())
                .sum();
    }

    private static Deduplicate<String, String> byValue() {
        return Deduplicate.<String, String>by(record -> record.value())
                .named("once")
                .retaining(RETENTION);
    }

    /** A state directory that no run had before is one that was lost. */
    private void whileRunning(Payments payments, Topology topology, String state, Consumer<KafkaStreams> what) {
        DeduplicatingApp.whileRunning(topology, config(payments, state), what);
    }

    private Properties config(Payments payments, String state) {
        return DeduplicatingApp.config(
                payments.kafka.bootstrapServers(), payments.application, directory.resolve(state));
    }

    private static Map<Bytes, byte[]> leftInChangelog(Payments payments) {
        Map<Bytes, byte[]> left = new HashMap<>();
        Function<ConsumerRecord<byte[], byte[]>, Bytes> key = change -> Bytes.wrap(change.key());
        payments.kafka
                .readCommitted(payments.application + "-once-marks-changelog", 1, PATIENCE)
                .forEach(change -> {
                    if (change.value() == null) {
                        left.remove(key.apply(change));
                    } else {
                        left.put(key.apply(change), change.value());
                    }
                });
        return left;
    }
}
