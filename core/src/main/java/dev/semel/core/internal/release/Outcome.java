package dev.semel.core.internal.release;

import dev.semel.core.failure.Failure;
import dev.semel.core.participant.Fate;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** What became of a record, decided once and for good: what it adds to the transaction that carries its offset. */
public sealed interface Outcome {

    List<ProducerRecord<byte[], byte[]>> outputs();

    /** What it is for participants. */
    Fate fate();

    /**
     * The handler returned.
     *
     * @param token a participant's, of the record
     */
    record Handled(
            List<ProducerRecord<byte[], byte[]>> outputs,
            @Nullable Object token) implements Outcome {
        public Handled {
            Objects.requireNonNull(outputs, "outputs");
        }

        public Handled(List<ProducerRecord<byte[], byte[]>> outputs) {
            this(outputs, null);
        }

        @Override
        public Fate fate() {
            return Fate.HANDLED;
        }
    }

    /** Its event had its effect by another record. */
    record Duplicate() implements Outcome {

        public static final Duplicate OF_ANOTHER = new Duplicate();

        @Override
        public List<ProducerRecord<byte[], byte[]>> outputs() {
            return List.of();
        }

        @Override
        public Fate fate() {
            return Fate.DUPLICATE;
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

        @Override
        public Fate fate() {
            return Fate.LETTERED;
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

        @Override
        public Fate fate() {
            return Fate.SKIPPED;
        }
    }
}
