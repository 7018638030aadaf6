package dev.semel.core.internal.release;

import dev.semel.core.failure.Failure;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.clients.producer.ProducerRecord;

/** What became of a record, decided once and for good: what it adds to the transaction that carries its offset. */
public sealed interface Outcome {

    List<ProducerRecord<byte[], byte[]>> outputs();

    /** The handler returned. */
    record Handled(List<ProducerRecord<byte[], byte[]>> outputs) implements Outcome {
        public Handled {
            Objects.requireNonNull(outputs, "outputs");
        }
    }

    /** It could not be handled; what its attempts sent is dropped, the letter is written instead. */
    record Lettered(Failure failure, ProducerRecord<byte[], byte[]> letter) implements Outcome {
        public Lettered {
            Objects.requireNonNull(failure, "failure");
            Objects.requireNonNull(letter, "letter");
        }

        @Override
        public List<ProducerRecord<byte[], byte[]>> outputs() {
            return List.of(letter);
        }
    }

    /** It was passed over. */
    record Skipped(String reason) implements Outcome {

        /** By the filter. */
        public static final Skipped FILTERED = new Skipped("filtered");

        public Skipped {
            Objects.requireNonNull(reason, "reason");
        }

        @Override
        public List<ProducerRecord<byte[], byte[]>> outputs() {
            return List.of();
        }
    }
}
