package dev.semel.idempotency.streams;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.lang.Thread.UncaughtExceptionHandler;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.BuiltInDslStoreSuppliers;
import org.apache.kafka.streams.state.DslStoreSuppliers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What becomes of a mark when what comes after it fails. */
@KafkaTest
class DeduplicateFailureIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    static Stream<DslStoreSuppliers> stores() {
        return Stream.of(BuiltInDslStoreSuppliers.ROCKS_DB, BuiltInDslStoreSuppliers.IN_MEMORY);
    }

    /** What fails comes after the mark was made, and takes the transaction down in which it was. */
    @ParameterizedTest
    @MethodSource("stores")
    void theMarkOfAnAbortedTransactionVanishes(DslStoreSuppliers stores, TestKafka kafka) {
        var payments = new Payments(kafka);
        var failing = new Failing(payments, byValue().storedIn(stores));

        failing.run(config(payments));

        assertThat(failing.attempts).as("two that failed, and one").hasValue(3);
        assertThat(payments.passed(3)).containsExactlyInAnyOrder("a", "b", "c");
    }

    /** There the mark does not vanish: it was in the changelog before what came of its event. */
    @Test
    void withoutExactlyOnceAFailureLosesNothing(TestKafka kafka) {
        var payments = new Payments(kafka);
        var failing = new Failing(payments, byValue().withoutExactlyOnce(WithoutExactlyOnce.WARN));
        Properties config = config(payments);
        config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.AT_LEAST_ONCE);

        failing.run(config);

        assertThat(failing.attempts).as("two that failed, and one").hasValue(3);
        assertThat(payments.passed(3))
                .contains("a", "b", "c")
                .filteredOn("b"::equals)
                .hasSize(1);
    }

    private static Deduplicate<String, String> byValue() {
        return Deduplicate.<String, String>by(record -> record.value())
                .named("once")
                .retaining(Duration.ofHours(1));
    }

    private Properties config(Payments payments) {
        return DeduplicatingApp.config(payments.kafka.bootstrapServers(), payments.application, directory);
    }

    /** Two attempts at {@code b} fail after it has passed, and each ends the thread. */
    private static final class Failing {

        final AtomicInteger attempts = new AtomicInteger();
        private final Payments payments;
        private final Topology topology;

        Failing(Payments payments, Deduplicate<String, String> deduplicate) {
            this.payments = payments;
            var builder = new StreamsBuilder();
            deduplicate
                    .dropFrom(builder.<String, String>stream(payments.payments))
                    .peek((key, id) -> {
                        if (id.equals("b") && attempts.incrementAndGet() <= 2) {
                            throw new IllegalStateException("no luck with b");
                        }
                    })
                    .to(payments.passed);
            this.topology = builder.build();
        }

        void run(Properties config) {
            payments.send(List.of("a", "b", "b", "c"));
            UncaughtExceptionHandler printing = Thread.getDefaultUncaughtExceptionHandler();
            Thread.setDefaultUncaughtExceptionHandler((thread, error) -> {}); // It prints what is expected here.
            try {
                DeduplicatingApp.whileRunning(topology, config, streams -> payments.awaitHandled(PATIENCE));
            } finally {
                Thread.setDefaultUncaughtExceptionHandler(printing);
            }
        }
    }
}
