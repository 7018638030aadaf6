package dev.semel.core.participant;

import dev.semel.core.event.EventContext;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * One attempt at a record, or at a batch of records that are handled in one call: for a participant that takes up something around
 * it, such as the transaction of a database.
 *
 * <pre>{@code
 *   judge, for each record -> the handler, for those that proceed -> handled, for each of them -> commit -> close
 *         |                        | throws, or outruns its deadline                                         ^
 *         +------------------------+-------------------------------------------------------------------------+
 * }</pre>
 *
 * <p>Threading: for the thread of the attempt, but for {@link #cancel}.
 */
public interface UnitOfWork extends AutoCloseable {

    /** Takes up nothing, and lets every record be handled. */
    UnitOfWork NONE = new UnitOfWork() {};

    /**
     * Whether the record is to be handled. May block: the handler's deadline begins after it. But it is {@linkplain #cancel cancelled}
     * and interrupted where the processor ends, and no handler is called any more where that, or the loss of the partition, came first.
     *
     * @throws ParticipantUnavailableException where that cannot be told now: no attempt is counted
     * @throws Exception fails the attempt, and is decided on like a handler's
     */
    default Verdict judge(Subject subject) throws Exception {
        return Verdict.PROCEED;
    }

    /** The context that the record's handler is given; this one, or one that passes on to it. */
    default EventContext context(Subject subject, EventContext context) {
        return context;
    }

    /**
     * The handler has thrown: what the attempt is taken to have failed with. Where it was for want of what the participant depends
     * on, that is a {@link ParticipantUnavailableException}; where it lost a race, a {@code ConflictException}.
     */
    default Exception failed(Exception thrown) {
        return thrown;
    }

    /**
     * The handler has returned, or was not called for a record that is {@linkplain Redelivery#isDiscarded discarded}, and would have the record answered by these outputs.
     *
     * @throws Exception as {@link #judge} does
     */
    default void handled(Subject subject, List<ProducerRecord<byte[], byte[]>> outputs) throws Exception {}

    /**
     * All was handled, in time. From here on the deadline fails nothing any more; but one that outruns it is {@linkplain #cancel
     * cancelled}.
     *
     * @throws ParticipantUnavailableException leaves open whether it is committed: the records are judged again, without an attempt
     *     being counted
     * @throws Exception fails the attempt: nothing of it is committed
     */
    default void commit() throws Exception {}

    /**
     * The attempt has outrun its deadline, or the processor ends: whatever blocks it, a judgement too, should come to an end. Called by another thread, at
     * any time until the end of {@link #close}; may block.
     */
    default void cancel() {}

    /** Ends it; what is not committed is undone. Called once, in every case. */
    @Override
    default void close() throws Exception {}
}
