package dev.semel.core.internal.commit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * What a cluster keeps of one transactional id and one group, as a {@code read_committed} reader sees it: records and offsets become
 * visible together, or not at all. Counts the calls that reached it.
 */
public final class FakeCluster {

    /** Looks at the cluster after each commit. */
    public interface Observer {
        void committed();
    }

    private final List<ProducerRecord<byte[], byte[]>> log = new ArrayList<>();
    private final Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    private final List<ProducerRecord<byte[], byte[]>> pendingRecords = new ArrayList<>();
    private final Map<TopicPartition, OffsetAndMetadata> pendingOffsets = new HashMap<>();
    private final List<Map<TopicPartition, OffsetAndMetadata>> commits = new ArrayList<>();
    private final List<FakeProducer> producers = new ArrayList<>();

    private Observer observer = () -> {};
    private Faults faults = Faults.NONE;
    private int generation;
    private @Nullable FakeProducer newest;

    public void observe(Observer observer) {
        this.observer = observer;
    }

    public void inject(Faults faults) {
        this.faults = faults;
    }

    /** A producer that is not initialised yet. */
    public FakeProducer producer() {
        var producer = new FakeProducer(this);
        producers.add(producer);
        return producer;
    }

    /** A producer with its transactions initialised. */
    public FakeProducer initialisedProducer() {
        FakeProducer producer = producer();
        producer.initTransactions();
        return producer;
    }

    /** All producers that were made, the newest last. */
    public List<FakeProducer> producers() {
        return producers;
    }

    /** The records that readers see, in order. */
    public List<ProducerRecord<byte[], byte[]>> log() {
        return log;
    }

    /** The values of those records. */
    public List<String> values() {
        return log.stream().map(record -> new String(record.value())).toList();
    }

    /** The group's offsets. */
    public Map<TopicPartition, OffsetAndMetadata> offsets() {
        return offsets;
    }

    /** The offsets of each transaction that was committed. */
    public List<Map<TopicPartition, OffsetAndMetadata>> commits() {
        return commits;
    }

    /** Whether an offset of this partition waits for the end of a transaction, so that no new owner can read it yet. */
    public boolean isUnstable(TopicPartition partition) {
        return pendingOffsets.containsKey(partition);
    }

    /** The group has a new generation: what its members of an older one commit is refused. */
    public int nextGeneration() {
        return ++generation;
    }

    public int generation() {
        return generation;
    }

    /** Another member's transaction. */
    public void commitOfAnother(List<ProducerRecord<byte[], byte[]>> records, TopicPartition partition, long offset) {
        log.addAll(records);
        offsets.put(partition, new OffsetAndMetadata(offset));
        observer.committed();
    }

    Faults faults() {
        return faults;
    }

    /** The coordinator ends what an older producer left, before it answers; that producer is fenced from here on. */
    void initialised(FakeProducer producer) {
        abort();
        newest = producer;
    }

    boolean isNewest(FakeProducer producer) {
        return newest == producer;
    }

    boolean accepts(ConsumerGroupMetadata member) {
        // As brokers do: no generation and no member id is accepted as it is.
        return (member.generationId() < 0 && member.memberId().isEmpty()) || member.generationId() == generation;
    }

    void add(ProducerRecord<byte[], byte[]> record) {
        pendingRecords.add(record);
    }

    void add(Map<TopicPartition, OffsetAndMetadata> added) {
        pendingOffsets.putAll(added);
    }

    void commit() {
        log.addAll(pendingRecords);
        offsets.putAll(pendingOffsets);
        commits.add(Map.copyOf(pendingOffsets));
        abort();
        observer.committed();
    }

    void abort() {
        pendingRecords.clear();
        pendingOffsets.clear();
    }
}
