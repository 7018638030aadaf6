package dev.semel.idempotency.internal.jdbc;

import dev.semel.core.event.RecordPosition;
import dev.semel.core.failure.DeadLetter;
import dev.semel.core.failure.EventRejectedException;
import dev.semel.core.failure.FailureClass;
import dev.semel.core.participant.Verdict;
import org.apache.kafka.common.TopicPartition;

/**
 * What a mark that is there says of a record.
 *
 * <p>What was sent, or decided, by a record is due again only at that record's own position, and only as long as the position was never
 * released: then the process ended between the commit in the database and that in Kafka. Anywhere else the event is a duplicate: so
 * neither a rewind of the group, nor a topic that is made anew, nor another copy of the event repeats what was sent. A copy of the letter
 * with which it was given up is no other copy: it is redelivered by it.
 */
final class Judgement {

    private Judgement() {}

    /**
     * The verdict on a record.
     *
     * @param released the offset before which everything of the record's partition is released
     * @throws EventRejectedException where the event has another payload than the one that had the effect
     */
    static Verdict of(Mark mark, FoundMark there, long released) {
        if (!isOwn(mark, there)) {
            if (there.hasOtherPayloadThan(mark)) {
                throw new EventRejectedException(
                        FailureClass.PAYLOAD_MISMATCH,
                        "event " + mark + " has another payload than the record by which it had its effect, "
                                + there.position()
                                + ": its producer has used one id for two events, or changed the event and kept its id;"
                                + " give it an id of its own");
            }
            return Verdict.DUPLICATE;
        }
        if (mark.position().record().offset() < released) {
            return Verdict.DUPLICATE;
        }
        return there.isGivenUp()
                ? new Verdict.GivenUp(there.fate(), there.failureClass(), there.failure())
                : new Verdict.Recorded(there.outputs());
    }

    /**
     * Whether a record is a copy of the very letter with which its event was given up: it carries that letter's id, which names the group
     * and the position of the mark.
     */
    static boolean isCopyOfLetter(String group, Mark mark, FoundMark there) {
        RecordPosition origin = there.position().record();
        return DeadLetter.id(group, new TopicPartition(origin.topic(), origin.partition()), origin.offset())
                .equals(mark.letterId());
    }

    /** Whether it is this record that is marked. Its topic may have another name by now; what counts is the id. */
    static boolean isOwn(Mark mark, FoundMark there) {
        Position own = mark.position();
        Position found = there.position();
        return own.topicId().equals(found.topicId())
                && own.record().partition() == found.record().partition()
                && own.record().offset() == found.record().offset();
    }
}
