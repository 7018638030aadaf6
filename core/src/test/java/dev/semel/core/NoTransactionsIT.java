package dev.semel.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semel.core.failure.StartupException;
import dev.semel.core.health.ProcessorState;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A broker whose transaction log cannot be created has no transactions: the usual way to be without them. */
@KafkaTest(ownCluster = true, brokerProperties = "transaction.state.log.replication.factor=3")
class NoTransactionsIT {

    @Test
    void aBrokerWithoutTransactionsFailsTheStartWithTheRemedy(TestKafka kafka) {
        var processing = Processing.on(kafka);
        try (var processor = processing
                .processor()
                .startDeadline(Duration.ofSeconds(12))
                .handler((event, context) -> {})
                .build()) {
            assertThatThrownBy(processor::start)
                    .isInstanceOf(StartupException.class)
                    .hasMessageContaining("initialise transactions")
                    .hasMessageContaining("transaction.state.log.replication.factor");
            assertThat(processor.state()).isEqualTo(ProcessorState.FAILED);
        }
    }
}
