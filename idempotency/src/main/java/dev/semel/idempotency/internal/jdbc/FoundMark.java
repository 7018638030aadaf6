package dev.semel.idempotency.internal.jdbc;

import dev.semel.core.event.EventId;
import dev.semel.core.participant.Fate;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** A mark that is in the table. */
final class FoundMark {

    /** What became of the event. */
    enum State {
        /** It had its effect. */
        DONE,

        /** It was given up, and must not have it any more. */
        GIVEN_UP,

        /** What came of it was never released, and its position has gone by. */
        LOST
    }

    private final EventId event;
    private final Position position;
    private final State state;
    private final @Nullable String givenUpAs;
    private final @Nullable String failureClass;
    private final @Nullable String failure;
    private final byte @Nullable [] payloadHash;
    private final byte @Nullable [] outputs;

    FoundMark(
            EventId event,
            Position position,
            State state,
            @Nullable String givenUpAs,
            @Nullable String failureClass,
            @Nullable String failure,
            byte @Nullable [] payloadHash,
            byte @Nullable [] outputs) {
        this.event = event;
        this.position = position;
        this.state = state;
        this.givenUpAs = givenUpAs;
        this.failureClass = failureClass;
        this.failure = failure;
        this.payloadHash = payloadHash;
        this.outputs = outputs;
    }

    EventId event() {
        return event;
    }

    Position position() {
        return position;
    }

    State state() {
        return state;
    }

    boolean isGivenUp() {
        return givenUpAs != null;
    }

    /** {@link Fate#HANDLED} where the event had its effect, and otherwise what it was given up as. */
    Fate fate() {
        return givenUpAs == null ? Fate.HANDLED : Fate.valueOf(givenUpAs);
    }

    String failureClass() {
        return Objects.requireNonNullElse(failureClass, "");
    }

    String failure() {
        return Objects.requireNonNullElse(failure, "");
    }

    /** Whether it is known of both that they are of different payloads. */
    boolean hasOtherPayloadThan(Mark mark) {
        return payloadHash != null && mark.payloadHash() != null && !Arrays.equals(payloadHash, mark.payloadHash());
    }

    /**
     * What the handler sent.
     *
     * @throws IllegalStateException where that cannot be read
     */
    List<ProducerRecord<byte[], byte[]>> outputs() {
        return outputs == null ? List.of() : RecordedOutputs.read(outputs, event + " at " + position);
    }
}
