package dev.semel.core.participant;

import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Takes part in one assignment of one partition, from its restore to its release.
 *
 * <pre>{@code
 *   restore -> begin, judge, handled, commit | giveUp -> sent -> records -> confirmed -> ... -> released
 *   off the    on the lane, for several records at       on the poll thread: must not block
 *   poll thread  a time; may block
 * }</pre>
 *
 * <p>What happens on lanes can still go on when the assignment is over; it changes nothing any more for the processor, and must not
 * for the participant.
 */
public interface PartitionParticipant {

    /** Takes no part. */
    PartitionParticipant NONE = new PartitionParticipant() {};

    /**
     * Restores what belongs to the partition, which stays paused until every participant has returned: no record of it is handled
     * before.
     *
     * <p>Called on a thread of the processor's own, not on the poll thread: it may take its time and should use clients of its
     * own. Up to 8 partitions are restored at the same time, on threads of their own. The partition's committed offset is stable: no
     * transaction of an earlier owner is still open over it. Interrupted when the partition is lost meanwhile, or the processor
     * closes; what was restored is then of no use, and {@link #released} is called when this method has returned.
     *
     * @param committedOffset where handling will go on; the partition's start where nothing was committed yet
     * @throws Exception stops the processor in state {@code FAILED}, with this as its cause
     */
    default void restore(long committedOffset) throws Exception {}

    /**
     * An attempt at a record, or at a batch of them, begins. Called on its lane, when the record has been read and was not filtered
     * out.
     */
    default UnitOfWork begin() {
        return UnitOfWork.NONE;
    }

    /**
     * The record is to be given up: a letter is written, or it is skipped, after this has returned. Called on a lane, and may block;
     * again after an outage, and by the next owner of the partition where this one has not committed the letter.
     *
     * @param subject the record; its event is null where it could not be read, see {@link Subject#event}
     * @param as what it becomes
     * @param failure why: the class of the failure and its message
     * @return {@link Verdict#PROCEED} to give it up; anything else decides otherwise
     * @throws ParticipantUnavailableException where that cannot be told now: asked again later
     */
    default Verdict giveUp(Subject subject, Fate as, String failureClass, String failure) throws Exception {
        return Verdict.PROCEED;
    }

    /**
     * A record is about to be released as a duplicate. Asked in the order of offsets, when {@link #sent} has told what became of all
     * records before it; on the poll thread: must not block.
     *
     * @param offset the record's
     * @return false where the record by which its event was to have its effect has had none after all: this one is judged again
     */
    default boolean isStillDuplicate(long offset) {
        return true;
    }

    /**
     * A record's fate goes into the transaction that is open: in the order of offsets, each once for each transaction that it is
     * in.
     *
     * @param offset the record's
     * @param token what {@link Verdict.Proceed#token()} said of it, where it was {@linkplain Fate#HANDLED handled}
     */
    default void sent(long offset, Fate fate, @Nullable Object token) {}

    /**
     * What to add to the transaction, which is about to be committed. Called once for each that commits an offset of this
     * partition.
     *
     * @param offset the offset that it commits for the partition: everything before it is released
     */
    default List<ProducerRecord<byte[], byte[]>> records(long offset) {
        return List.of();
    }

    /**
     * A transaction has ended. What was sent below this offset is committed; what was sent from it on is not, and will be
     * sent again as long as the partition is assigned.
     *
     * @param committedOffset the partition's, now
     */
    default void confirmed(long committedOffset) {}

    /**
     * The partition is no longer this processor's. Told once for each assignment, whether its restore ended, failed or was broken off.
     * Must not block: called on the poll thread, or where a restore was broken off, on the thread that ran it. A partition whose restore
     * had not begun, since it waited for others to end, is released without one. A partition that comes back
     * is restored only after this has returned.
     */
    default void released() {}
}
