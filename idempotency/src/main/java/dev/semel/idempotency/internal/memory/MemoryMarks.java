package dev.semel.idempotency.internal.memory;

import dev.semel.core.participant.Fate;
import dev.semel.core.participant.Participant;
import dev.semel.core.participant.Participation;
import dev.semel.core.participant.PartitionParticipant;
import dev.semel.core.participant.Settlement;
import dev.semel.core.participant.Subject;
import dev.semel.core.participant.UnitOfWork;
import dev.semel.core.participant.Verdict;
import dev.semel.core.participant.topics.PatientCluster;
import dev.semel.idempotency.internal.Identifier;
import dev.semel.idempotency.internal.judge.Judge;
import dev.semel.idempotency.internal.marks.Claims;
import dev.semel.idempotency.internal.marks.MarkTransaction;
import dev.semel.idempotency.internal.marks.Marks;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Keeps a processor's marks in memory only, in a store that outlives the processor. */
public final class MemoryMarks implements Participant {

    private final MemoryStore store;
    private final Identifier identifier;
    private final boolean comparesPayloads;
    private @Nullable Participation processor;

    public MemoryMarks(MemoryStore store, Identifier identifier, boolean comparesPayloads) {
        this.store = store;
        this.identifier = identifier;
        this.comparesPayloads = comparesPayloads;
    }

    @Override
    public void start(Participation starting) {
        processor = starting;
    }

    @Override
    public PartitionParticipant assigned(TopicPartition partition) {
        return new Assigned(Objects.requireNonNull(processor, "not started"), partition);
    }

    private final class Assigned implements PartitionParticipant {

        private static final int SEGMENTS_PER_TRANSACTION = 16;

        private final Participation running;
        private final TopicPartition partition;
        private final Marks marks;
        private final Claims claims;
        private final MarkTransaction transaction;
        private volatile @Nullable Judge judge;

        Assigned(Participation running, TopicPartition partition) {
            this.running = running;
            this.partition = partition;
            this.marks = store.marks(running.group(), partition);
            this.claims = new Claims(marks);
            this.transaction = new MarkTransaction(claims, marks);
        }

        @Override
        public void restore(long committedOffset) throws Exception {
            try (var cluster = new PatientCluster(running.adminConfig(), "the marks in memory of " + partition)) {
                judge = new Judge(
                        claims, identifier, cluster.topic(partition.topic()).topicId(), comparesPayloads);
            }
        }

        @Override
        public UnitOfWork begin() {
            return judge().begin();
        }

        @Override
        public Verdict giveUp(Subject subject, Fate as, String failureClass, String failure) {
            judge().giveUp(subject);
            return Verdict.PROCEED;
        }

        private Judge judge() {
            return Objects.requireNonNull(judge, "not restored");
        }

        @Override
        public boolean isStillDuplicate(long offset) {
            return claims.isStillDuplicate(offset);
        }

        @Override
        public void sent(Settlement settlement) {
            transaction.sent(settlement);
        }

        /** Under a lock here and below: the next owner of the partition may be another thread of this process. */
        @Override
        public List<ProducerRecord<byte[], byte[]>> records(long offset) {
            synchronized (marks) {
                transaction.close(offset, transaction.time(running.clock().millis()), Marks.NO_PACK);
            }
            return List.of();
        }

        @Override
        public void confirmed(long committedOffset, boolean whole) {
            long now = running.clock().millis();
            synchronized (marks) {
                transaction.confirmed(committedOffset, whole, now);
                marks.expire(now);
                marks.sweep(SEGMENTS_PER_TRANSACTION);
            }
        }
    }
}
