package dev.semel.core.participant;

import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;

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
     * own. Up to 8 partitions are restored at the same time, on threads of their own, so that one that waits for somebody to do something
     * would hold up the others: it returns, and {@linkplain #isFull is full} until then. The partition's committed offset is stable: no
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
     * The record is to be given up for now: a letter is written, it is skipped or kept for later, after this has returned. Called on a lane, and may block;
     * again after an outage, and by the next owner of the partition where this one has not committed the letter.
     *
     * @param subject the record; its event is null where it could not be read, see {@link Subject#event}
     * @param as what it becomes: {@link Fate#LETTERED}, {@link Fate#SKIPPED}, {@link Fate#WAITING} or {@link Fate#DEFERRED}
     * @param failure why: the class of the failure and its message
     * @return {@link Verdict#PROCEED} to give it up; anything else decides otherwise
     * @throws ParticipantUnavailableException where that cannot be told now: asked again later
     */
    default Verdict giveUp(Subject subject, Fate as, String failureClass, String failure) throws Exception {
        return Verdict.PROCEED;
    }

    /**
     * The fate of a record is decided. Called on its lane, before the next of its sequence is judged; what it says can still change
     * where the broker refuses what the record sends.
     */
    default void settled(Subject subject, Fate fate) {}

    /**
     * What to handle again. Called on the poll thread, in each of its rounds: must not block. Each is judged and handled on its lane, in
     * order with what is there of its sequence, and told of by {@link #sent} like a record of the source, but in no order with those of
     * other sequences. A transaction that has some of them commits the offset of the partition, too, even where that has not moved.
     *
     * @param room how many at most
     */
    default List<Redelivery> redeliveries(int room) {
        return List.of();
    }

    /**
     * Whether it keeps as many records as it can: no more of the partition are read until it has room again, and the processor is not
     * ready, and says so. What was read before still comes, and so does what is handed in. Called on the poll thread, in each of its
     * rounds: must not block.
     */
    default boolean isFull() {
        return false;
    }

    /** For people: why it {@linkplain #isFull is full}, and what they can do. Asked only where it is; on the poll thread: must not block. */
    default String fullReason() {
        return "as many letters and waiting records are kept as can be: redrive or discard some";
    }

    /**
     * Whether there is something to add to a transaction, although nothing may have been sent that would commit one. Called on the poll
     * thread, in each of its rounds: must not block.
     */
    default boolean hasRecords() {
        return false;
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
     * A record's fate goes into the transaction that is open: in the order of offsets, but for redeliveries; each once for each
     * transaction that it is in.
     */
    default void sent(Settlement settlement) {}

    /**
     * What to add to the transaction, which is about to be committed. Called once for each that commits an offset of this
     * partition.
     *
     * @param offset the offset that it commits for the partition: everything before it is released
     * @return each is handed over once; what is not committed is asked for again
     */
    default List<ProducerRecord<byte[], byte[]>> records(long offset) {
        return List.of();
    }

    /**
     * One of those records has its place in its topic. Called by the producer's thread; whether the record is committed there is told by
     * {@link #confirmed} afterwards.
     *
     * @param record as it was handed over by {@link #records}
     * @param offset its offset
     */
    default void written(ProducerRecord<byte[], byte[]> record, long offset) {}

    /**
     * A transaction has ended. What was read from the source and sent below this offset is committed; what was sent from it on is not,
     * and will be sent again as long as the partition is assigned.
     *
     * @param committedOffset the partition's, now
     * @param whole whether redeliveries that were sent, and what was added by {@link #records}, are committed, too; if not, they are sent
     *     again likewise
     */
    default void confirmed(long committedOffset, boolean whole) {}

    /**
     * All that was in handling has ended, nothing more is begun, and the partition is about to be released. What was handed in and not
     * begun is not told of any more. Called on the poll thread, before the last transaction of this assignment: {@link #hasRecords} and
     * {@link #records} are asked once more. Not called where the partition was lost, or handlers did not end in time.
     */
    default void ending() {}

    /**
     * The partition is no longer this processor's. Told once for each assignment, whether its restore ended, failed or was broken off.
     * Must not block: called on the poll thread, or where a restore was broken off, on the thread that ran it. A partition whose restore
     * had not begun, since it waited for others to end, is released without one. A partition that comes back
     * is restored only after this has returned.
     */
    default void released() {}
}
