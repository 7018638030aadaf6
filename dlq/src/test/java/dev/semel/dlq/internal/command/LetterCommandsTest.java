package dev.semel.dlq.internal.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class LetterCommandsTest {

    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
    private final MockProducer<byte[], byte[]> producer = new MockProducer<>();

    @Test
    void aConsumerIsClosedWhereThereIsNoProducer() {
        assertThatThrownBy(() -> new LetterCommands(
                        "group",
                        () -> {
                            throw new TimeoutException("no broker");
                        },
                        () -> consumer))
                .hasMessage("no broker");
        assertThat(consumer.closed()).isTrue();
    }

    @Test
    void bothClientsAreClosedWhereTransactionsCannotBegin() {
        producer.initTransactionException = new TimeoutException("no coordinator");
        assertThatThrownBy(() -> new LetterCommands("group", () -> producer, () -> consumer))
                .hasMessage("no coordinator");
        assertThat(consumer.closed()).isTrue();
        assertThat(producer.closed()).isTrue();
    }
}
