package dev.semel.dlq.internal.keep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.dlq.LetterState;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class ChangesTest {

    private static final Store STORE =
            new Store("g", new TopicPartition("orders", 0), new TopicPartition("letters", 0));

    /** A tombstone behind its state would lose it. */
    @Test
    void whatIsKeptAnewIsNotForgottenWithItsEarlierEnd() {
        var changes = new Changes();
        changes.ofRecord(new Change(new Entry(7, null, true), KeptState.begin(LetterState.OPEN, false, null, 1), null));
        List<ProducerRecord<byte[], byte[]>> records = changes.handOver(STORE, List.of(7L));
        assertThat(records).extracting(record -> new String(record.key())).containsOnly("g/orders/0/7");
        assertThat(records).extracting(record -> record.value() == null).containsExactly(true, false);
    }
}
