package dev.semel.core;

import dev.semel.core.participant.Fate;
import dev.semel.core.participant.Participant;
import dev.semel.core.participant.ParticipantMetric;
import dev.semel.core.participant.Participation;
import dev.semel.core.participant.PartitionParticipant;
import dev.semel.core.participant.Redelivery;
import dev.semel.core.participant.Settlement;
import dev.semel.core.participant.Subject;
import dev.semel.core.participant.UnitOfWork;
import dev.semel.core.participant.Verdict;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the letters of one partition, and what waits behind them, in memory; hands it in again when it is told to. Each change of its
 * state is a record in the transaction that brought it about, so that a test can hold the two against each other.
 */
final class Keeper implements Participant, PartitionParticipant {

    private final String stateTopic;
    private @Nullable Participation processor;

    /** By offset, what is not done with; under the lock of this. */
    private final TreeMap<Long, Kept> kept = new TreeMap<>();

    /** By key, the offsets of what is not done with as lanes know it. */
    private final Map<String, TreeSet<Long>> open = new HashMap<>();

    private final List<Settlement> sent = new ArrayList<>();
    private final List<String> discarded = new ArrayList<>();
    private boolean released;
    private boolean discards;

    private static final class Kept {
        private final ConsumerRecord<byte[], byte[]> record;
        private final boolean isLetter;
        private final int deferrals;
        private boolean handedIn;

        private Kept(ConsumerRecord<byte[], byte[]> record, boolean isLetter, int deferrals) {
            this.record = record;
            this.isLetter = isLetter;
            this.deferrals = deferrals;
        }
    }

    Keeper(String stateTopic) {
        this.stateTopic = stateTopic;
    }

    /** Everything that is kept is handed in, each time that it has failed again, too. */
    void release() {
        synchronized (this) {
            released = true;
        }
        Objects.requireNonNull(processor).wakeUp();
    }

    /** The same, but that letters are given up. */
    void discard() {
        synchronized (this) {
            discards = true;
        }
        release();
    }

    /** The fates of those, and what was said of them when they were judged. */
    synchronized List<String> discarded() {
        return List.copyOf(discarded);
    }

    /** How many records are kept, in committed transactions. */
    synchronized int size() {
        return kept.size();
    }

    @Override
    public List<ParticipantMetric> metrics() {
        int size = size();
        return size == 0
                ? List.of()
                : List.of(new ParticipantMetric(
                        "semel-keeper", "kept", "What is kept.", Map.of("state", "any"), this::size));
    }

    @Override
    public boolean keepsRecords() {
        return true;
    }

    @Override
    public void start(Participation starting) {
        processor = starting;
    }

    @Override
    public PartitionParticipant assigned(TopicPartition partition) {
        return this;
    }

    @Override
    public void close() {}

    @Override
    public UnitOfWork begin() {
        return new UnitOfWork() {
            @Override
            public Verdict judge(Subject subject) {
                return Keeper.this.judge(subject);
            }
        };
    }

    private synchronized Verdict judge(Subject subject) {
        @Nullable TreeSet<Long> before = open.get(key(subject));
        return before == null || before.headSet(subject.position().offset()).isEmpty()
                ? new Verdict.Proceed("judged")
                : new Verdict.Park("behind offset " + before.first());
    }

    @Override
    public synchronized void settled(Subject subject, Fate fate) {
        TreeSet<Long> offsets = open.computeIfAbsent(key(subject), key -> new TreeSet<>());
        if (fate == Fate.LETTERED || fate == Fate.WAITING) {
            offsets.add(subject.position().offset());
        } else {
            offsets.remove(subject.position().offset());
        }
    }

    private String key(Subject subject) {
        return new String(
                Objects.requireNonNull(Objects.requireNonNull(processor).sequence(subject.key())));
    }

    @Override
    public synchronized List<Redelivery> redeliveries(int room) {
        var redeliveries = new ArrayList<Redelivery>();
        if (released) {
            for (Kept one : kept.values()) {
                if (!one.handedIn && redeliveries.size() < room) {
                    one.handedIn = true;
                    redeliveries.add(
                            new Redelivery(one.record, 0, one.deferrals, one.isLetter, discards && one.isLetter));
                }
            }
        }
        return redeliveries;
    }

    @Override
    public synchronized void sent(Settlement settlement) {
        sent.add(settlement);
    }

    @Override
    public synchronized List<ProducerRecord<byte[], byte[]>> records(long offset) {
        return sent.stream()
                .map(settlement -> new ProducerRecord<>(
                        stateTopic,
                        Processing.bytes(Long.toString(settlement.offset())),
                        Processing.bytes((settlement.redelivery() == null ? "" : "again ") + settlement.fate())))
                .toList();
    }

    @Override
    public synchronized void confirmed(long committedOffset, boolean whole) {
        if (whole) {
            sent.forEach(this::isCommitted);
        }
        sent.clear();
    }

    private void isCommitted(Settlement settlement) {
        @Nullable Redelivery redelivery = settlement.redelivery();
        if (redelivery != null && redelivery.isDiscarded()) {
            discarded.add(settlement.fate() + " " + settlement.token());
        }
        @Nullable Kept before = kept.remove(settlement.offset());
        if (settlement.fate() == Fate.LETTERED || settlement.fate().isKept()) {
            boolean isLetter = settlement.fate() == Fate.LETTERED || (before != null && before.isLetter);
            int deferrals = (before == null ? 0 : before.deferrals) + (settlement.fate() == Fate.DEFERRED ? 1 : 0);
            kept.put(settlement.offset(), new Kept(Objects.requireNonNull(settlement.record()), isLetter, deferrals));
        }
    }
}
