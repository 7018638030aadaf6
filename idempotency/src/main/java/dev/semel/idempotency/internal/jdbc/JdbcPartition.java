package dev.semel.idempotency.internal.jdbc;

import dev.semel.core.event.Event;
import dev.semel.core.event.EventId;
import dev.semel.core.failure.EventRejectedException;
import dev.semel.core.participant.Fate;
import dev.semel.core.participant.PartitionParticipant;
import dev.semel.core.participant.Settlement;
import dev.semel.core.participant.Subject;
import dev.semel.core.participant.UnitOfWork;
import dev.semel.core.participant.Verdict;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One assignment of one partition: its marks are in the database, and how far it is released goes with each of its transactions.
 *
 * <p>What is released was known before the first record is judged, and grows only with what is committed from then on; no
 * record is judged that was released in the same assignment. So a late attempt of an assignment that has ended judges by a value that
 * is too low at worst, and nobody takes what it says then.
 */
final class JdbcPartition implements PartitionParticipant {

    private static final Logger log = LoggerFactory.getLogger(JdbcPartition.class);

    private final TopicPartition partition;
    private final Store store;
    private final PartitionRestore restore;
    private final ReleasedTopic releasedTopic;
    private final GivingUp givingUp;
    private final Consumer<JdbcPartition> whenReleased;

    private final PartitionProgress progress;
    private final LostConnections lostConnections = new LostConnections();
    private volatile PartitionRestore.@Nullable Result restored;

    /** @param whenReleased told of the assignment's end */
    JdbcPartition(
            TopicPartition partition,
            Store store,
            PartitionRestore restore,
            ReleasedTopic releasedTopic,
            Consumer<JdbcPartition> whenReleased) {
        this.partition = partition;
        this.store = store;
        this.restore = restore;
        this.releasedTopic = releasedTopic;
        this.givingUp = new GivingUp(store);
        this.whenReleased = whenReleased;
        this.progress = new PartitionProgress(store.clock());
    }

    @Override
    public void restore(long committedOffset) throws Exception {
        PartitionRestore.Result result = restore.run(partition, committedOffset);
        progress.begin(result.released(), result.recordTimeMs());
        restored = result;
    }

    @Override
    public UnitOfWork begin() {
        return new JdbcUnit(this);
    }

    @Override
    public Verdict giveUp(Subject subject, Fate as, String failureClass, String failure) throws Exception {
        Mark mark;
        try {
            mark = mark(subject);
        } catch (EventRejectedException e) {
            // It has no name under which it could have had an effect.
            return Verdict.PROCEED;
        } catch (Exception e) {
            // The user's code cannot name it, which may well be why it is given up. Its position still can be taken.
            log.debug("{} is given up without its name", subject.position(), e);
            mark = Mark.unread(position(subject), recordTimeMs(subject));
        }
        return givingUp.giveUp(mark, new Marks.GivenUp(as, failureClass, failure), dueFrom(subject));
    }

    @Override
    public void sent(Settlement settlement) {
        lostConnections.forget(settlement.offset());
        if (settlement.token() instanceof Long timestamp) {
            progress.sent(timestamp);
        }
    }

    @Override
    public List<ProducerRecord<byte[], byte[]>> records(long offset) {
        return progress.commits(offset)
                ? List.of(releasedTopic.record(topicId(), partition.partition(), offset))
                : List.of();
    }

    @Override
    public void confirmed(long committedOffset, boolean whole) {
        progress.confirmed(committedOffset);
    }

    @Override
    public void released() {
        whenReleased.accept(this);
    }

    /** What is to be marked of a record. */
    Mark mark(Subject subject) throws Exception {
        @Nullable Event<?, ?> event = subject.event();
        if (event == null) {
            return Mark.unread(position(subject), recordTimeMs(subject));
        }
        EventId name = store.identifier().identify(event, topicId());
        return Mark.of(name, subject, position(subject), store.comparesPayloads(), recordTimeMs(subject));
    }

    private Position position(Subject subject) {
        return new Position(topicId(), subject.position());
    }

    private long recordTimeMs(Subject subject) {
        return Math.max(0, Math.max(progress.recordTimeMs(), subject.timestamp()));
    }

    Store store() {
        return store;
    }

    LostConnections lostConnections() {
        return lostConnections;
    }

    /**
     * The offset from which on what was recorded is still due: where everything before it is released. What is redelivered was released
     * as a letter, or as one that waits, and what it then sends is due until it is resolved, which it is not as long as it is
     * redelivered. Its offset is below 0 where its topic was made anew since.
     */
    long dueFrom(Subject subject) {
        return subject.redelivery() == null ? progress.released() : Long.MIN_VALUE;
    }

    /** Deletes marks that are too old, and reports what a late attempt of an earlier owner has left behind. */
    long cleanUp(CleanUp cleanUp) throws Exception {
        PartitionRestore.Result result = restored;
        return result == null
                ? 0
                : cleanUp.run(partition.partition(), result, progress.released(), progress.recordTimeMs());
    }

    private Uuid topicId() {
        return Objects.requireNonNull(restored, "not restored").topicId();
    }

    @Override
    public String toString() {
        return partition.toString();
    }
}
