package dev.semel.core.participant;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** What a participant says of a record that is about to be handled, or given up. */
public sealed interface Verdict {

    /** It goes on. */
    Proceed PROCEED = new Proceed(null);

    /** Its event had its effect before: nothing is run, and nothing sent. */
    Duplicate DUPLICATE = new Duplicate();

    /**
     * It goes on.
     *
     * @param token given to {@link PartitionParticipant#sent} with the record, where it is handled or discarded
     */
    record Proceed(@Nullable Object token) implements Verdict {}

    /** Its event had its effect before: nothing is run, and nothing sent. */
    record Duplicate() implements Verdict {}

    /**
     * It had its effect before, but its outputs may not have been released: these are sent, and the handler is not run.
     *
     * @param outputs what the handler sent then
     */
    record Recorded(List<ProducerRecord<byte[], byte[]>> outputs) implements Verdict {
        public Recorded {
            outputs = List.copyOf(outputs);
        }
    }

    /**
     * It was given up before, but what it became may not have been released: it becomes that, and the handler is not run.
     *
     * @param as {@link Fate#LETTERED} or {@link Fate#SKIPPED}
     * @param failureClass the class of the failure, as it was told
     * @param failure its message
     */
    record GivenUp(Fate as, String failureClass, String failure) implements Verdict {
        public GivenUp {
            if (as != Fate.LETTERED && as != Fate.SKIPPED) {
                throw new IllegalArgumentException("given up as " + as + ": must be LETTERED or SKIPPED");
            }
            Objects.requireNonNull(failureClass, "failureClass");
            Objects.requireNonNull(failure, "failure");
        }
    }

    /**
     * It is not handled now: whoever says so keeps it, and hands it in again. What it is not told to keep by {@link
     * PartitionParticipant#sent} it need not.
     *
     * @param behind what it waits for, for people
     */
    record Park(String behind) implements Verdict {
        public Park {
            Objects.requireNonNull(behind, "behind");
        }
    }

    /**
     * It cannot be told yet, for a reason that is no failure: another record of the same event is being handled.
     *
     * @param delay how long until it is asked again; not negative, and taken for 1 ms where it is less
     */
    record Wait(Duration delay) implements Verdict {

        /** Asked again without a pause, one that waits for long would keep a processor core busy. */
        private static final Duration SHORTEST = Duration.ofMillis(1);

        public Wait {
            if (delay.isNegative()) {
                throw new IllegalArgumentException("delay " + delay + " must not be negative");
            }
            delay = delay.compareTo(SHORTEST) < 0 ? SHORTEST : delay;
        }
    }
}
