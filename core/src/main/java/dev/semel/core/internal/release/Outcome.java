package dev.semel.core.internal.release;

import dev.semel.core.failure.Failure;
import dev.semel.core.participant.Fate;
import dev.semel.core.participant.Redelivery;
import dev.semel.core.participant.Settlement;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** What became of a record, decided once and for good: what it adds to the transaction that carries its offset. */
public sealed interface Outcome {

    List<ProducerRecord<byte[], byte[]>> outputs();

    /** What it is for participants. */
    Fate fate();

    /** What participants are told. */
    default Settlement settlement(long offset, @Nullable Redelivery redelivery) {
        return new Settlement(offset, fate(), null, null, null, null, redelivery);
    }

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

        @Override
        public Settlement settlement(long offset, @Nullable Redelivery redelivery) {
            return new Settlement(offset, Fate.HANDLED, token, null, null, null, redelivery);
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

    /**
     * It could not be handled; what its attempts sent is dropped, the letter is written instead.
     *
     * @param isPublished whether the letter is in its topic already, and not sent again
     */
    record Lettered(Failure failure, ProducerRecord<byte[], byte[]> letter, boolean isPublished) implements Outcome {
        public Lettered {
            Objects.requireNonNull(failure, "failure");
            Objects.requireNonNull(letter, "letter");
        }

        @Override
        public List<ProducerRecord<byte[], byte[]>> outputs() {
            return isPublished ? List.of() : List.of(letter);
        }

        @Override
        public Fate fate() {
            return Fate.LETTERED;
        }

        @Override
        public Settlement settlement(long offset, @Nullable Redelivery redelivery) {
            return new Settlement(offset, Fate.LETTERED, null, failure.record(), letter, null, redelivery);
        }
    }

    /**
     * It was passed over.
     *
     * @param token a participant's, of a record that was judged
     */
    record Skipped(String reason, @Nullable Object token) implements Outcome {

        /** By the filter. */
        public static final Skipped FILTERED = new Skipped("filtered");

        public Skipped {
            Objects.requireNonNull(reason, "reason");
        }

        public Skipped(String reason) {
            this(reason, null);
        }

        /** A participant has handed it in to be given up. */
        public static Skipped discarded(@Nullable Object token) {
            return new Skipped("discarded", token);
        }

        @Override
        public List<ProducerRecord<byte[], byte[]>> outputs() {
            return List.of();
        }

        @Override
        public Fate fate() {
            return Fate.SKIPPED;
        }

        @Override
        public Settlement settlement(long offset, @Nullable Redelivery redelivery) {
            return new Settlement(offset, Fate.SKIPPED, token, null, null, null, redelivery);
        }
    }

    /** A participant keeps it, behind another of its sequence. */
    record Waiting(ConsumerRecord<byte[], byte[]> record) implements Outcome {
        public Waiting {
            Objects.requireNonNull(record, "record");
        }

        @Override
        public List<ProducerRecord<byte[], byte[]>> outputs() {
            return List.of();
        }

        @Override
        public Fate fate() {
            return Fate.WAITING;
        }

        @Override
        public Settlement settlement(long offset, @Nullable Redelivery redelivery) {
            return new Settlement(offset, Fate.WAITING, null, record, null, null, redelivery);
        }
    }

    /**
     * A participant keeps it, to hand it in again after a time.
     *
     * @param letter with the provenance of the failure; not sent
     */
    record Deferred(Failure failure, ProducerRecord<byte[], byte[]> letter, Duration delay) implements Outcome {
        public Deferred {
            Objects.requireNonNull(failure, "failure");
            Objects.requireNonNull(letter, "letter");
            Objects.requireNonNull(delay, "delay");
        }

        @Override
        public List<ProducerRecord<byte[], byte[]>> outputs() {
            return List.of();
        }

        @Override
        public Fate fate() {
            return Fate.DEFERRED;
        }

        @Override
        public Settlement settlement(long offset, @Nullable Redelivery redelivery) {
            return new Settlement(offset, Fate.DEFERRED, null, failure.record(), letter, delay, redelivery);
        }
    }
}
