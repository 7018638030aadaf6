package dev.semel.idempotency.internal.kafka;

import dev.semel.core.participant.Fate;
import dev.semel.core.participant.Participation;
import dev.semel.core.participant.PartitionParticipant;
import dev.semel.core.participant.Settlement;
import dev.semel.core.participant.Subject;
import dev.semel.core.participant.UnitOfWork;
import dev.semel.core.participant.Verdict;
import dev.semel.core.participant.topics.PatientCluster;
import dev.semel.idempotency.internal.Identifier;
import dev.semel.idempotency.internal.judge.Judge;
import dev.semel.idempotency.internal.marks.Claim;
import dev.semel.idempotency.internal.marks.Claims;
import dev.semel.idempotency.internal.marks.MarkTime;
import dev.semel.idempotency.internal.marks.MarkTransaction;
import dev.semel.idempotency.internal.marks.Marks;
import dev.semel.idempotency.internal.marks.PackFormat;
import dev.semel.idempotency.internal.marks.PackNumbers;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * One assignment of a source partition: its marks are restored from the marks topic's partition of the same number, and those of
 * each transaction added to it as packs, in that transaction.
 *
 * <p>The key of a pack is its number. When its marks have expired, it is removed by a record without a value, some in each
 * transaction, so that none grows large for it; compaction does the rest.
 */
final class MarkedPartition implements PartitionParticipant {

    /** More than a transaction adds, so that they get fewer. */
    private static final int REMOVED_PER_TRANSACTION = 128;

    /** Of 128: what is expired is out of memory after so many transactions. */
    private static final int SEGMENTS_PER_TRANSACTION = 4;

    private final Participation processor;
    private final KafkaMarksSettings settings;
    private final Identifier identifier;
    private final TopicPartition source;
    private final TopicPartition partition;
    private final PackFormat format;

    private final Marks marks;
    private final Claims claims;
    private final MarkTransaction transaction;
    private final PackNumbers packs = new PackNumbers();
    private long removing;

    private volatile @Nullable Judge judge;

    MarkedPartition(
            Participation processor, KafkaMarksSettings settings, Identifier identifier, TopicPartition source) {
        this.processor = processor;
        this.settings = settings;
        this.identifier = identifier;
        this.source = source;
        this.partition = settings.partition(processor.group(), source);
        this.format = new PackFormat(processor.group(), source.topic(), settings.comparesPayloads());
        this.marks = new Marks(settings.retention().duration().toMillis(), settings.comparesPayloads(), Long.MAX_VALUE);
        this.claims = new Claims(marks);
        this.transaction = new MarkTransaction(claims, marks);
    }

    @Override
    public void restore(long committedOffset) throws Exception {
        Uuid sourceId;
        try (var cluster = new PatientCluster(processor.adminConfig(), "the marks of " + source)) {
            // As it is now: a topic that was deleted and made again under the same name has another.
            sourceId = cluster.topic(source.topic()).topicId();
            new MarkRestore(cluster, processor, source, partition, format).into(marks, packs);
        }
        judge = new Judge(claims, identifier, sourceId, settings.comparesPayloads());
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

    @Override
    public List<ProducerRecord<byte[], byte[]>> records(long offset) {
        List<Claim> handled = transaction.claims();
        MarkTime time = transaction.time(processor.clock().millis());
        int perPack = format.maxMarks();
        int count = (handled.size() + perPack - 1) / perPack;
        long first = packs.take(count);
        var records = new ArrayList<ProducerRecord<byte[], byte[]>>(count);
        for (int i = 0; i < count; i++) {
            List<Claim> some = handled.subList(i * perPack, Math.min(handled.size(), (i + 1) * perPack));
            records.add(record(first + i, format.write(time, some)));
        }
        removing = Math.min(packs.removableBefore(), packs.oldest() + REMOVED_PER_TRANSACTION);
        for (long expired = packs.oldest(); expired < removing; expired++) {
            records.add(record(expired, null));
        }
        transaction.close(offset, time, count == 0 ? Marks.NO_PACK : first + count - 1);
        return records;
    }

    private ProducerRecord<byte[], byte[]> record(long pack, byte @Nullable [] value) {
        byte[] key = ByteBuffer.allocate(Long.BYTES).putLong(pack).array();
        return new ProducerRecord<>(partition.topic(), partition.partition(), key, value);
    }

    @Override
    public void confirmed(long committedOffset, boolean whole) {
        long now = processor.clock().millis();
        if (transaction.confirmed(committedOffset, whole, now)) {
            packs.removed(removing);
        }
        packs.expired(marks.expire(now));
        marks.sweep(SEGMENTS_PER_TRANSACTION);
    }
}
