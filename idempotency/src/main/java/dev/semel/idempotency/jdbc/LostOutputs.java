package dev.semel.idempotency.jdbc;

import dev.semel.core.event.EventId;
import dev.semel.core.event.RecordPosition;
import dev.semel.core.participant.Fate;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * An event that had its effect in the database, while what came of it was never released to Kafka and cannot be any more: after a crash
 * between the two commits its position did not come again, because the log begins behind it by now, or somebody set the group
 * forward over it, or its topic is gone.
 *
 * @param event which
 * @param position where it was read
 * @param fate {@link Fate#HANDLED} where its outputs are lost, {@link Fate#LETTERED} where it is its dead letter
 * @param outputs what the handler sent; empty where it is the letter
 */
public record LostOutputs(
        EventId event, RecordPosition position, Fate fate, List<ProducerRecord<byte[], byte[]>> outputs) {

    public LostOutputs {
        Objects.requireNonNull(event, "event");
        Objects.requireNonNull(position, "position");
        Objects.requireNonNull(fate, "fate");
        outputs = List.copyOf(outputs);
    }
}
