package dev.semel.core.internal.commit;

import dev.semel.core.internal.commit.Faults.Call;
import dev.semel.core.internal.commit.Faults.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.jspecify.annotations.Nullable;

/**
 * A producer as strict as Kafka's: a call that Kafka's would refuse in its state is an {@link IllegalStateException}; after an
 * error each call but an abort fails with it, wrapped in a bare KafkaException; after a call without an answer only the same call
 * is allowed; and a newer producer of the same cluster fences an older one.
 */
public final class FakeProducer implements Producer<byte[], byte[]> {

    private enum State {
        NEW,
        READY,
        IN_TRANSACTION,
        ABORTABLE,
        FATAL,
        CLOSED
    }

    private final FakeCluster cluster;
    private final List<Call> calls = new ArrayList<>();

    private State state = State.NEW;
    private @Nullable RuntimeException lastError;
    private @Nullable Call unanswered;
    private boolean unansweredWasDone;
    private @Nullable Duration closedWithin;

    FakeProducer(FakeCluster cluster) {
        this.cluster = cluster;
    }

    /** The calls that were made, {@code close} left out. */
    public List<Call> calls() {
        return calls;
    }

    /** The timeout with which it was closed, or null. */
    public @Nullable Duration closedWithin() {
        return closedWithin;
    }

    @Override
    public void initTransactions() {
        enter(Call.INIT, State.NEW);
        goWrong(Call.INIT, () -> {});
        cluster.initialised(this);
        state = State.READY;
    }

    @Override
    public void beginTransaction() {
        enter(Call.BEGIN, State.READY);
        goWrong(Call.BEGIN, () -> {});
        state = State.IN_TRANSACTION;
    }

    @Override
    public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record) {
        return send(record, null);
    }

    @Override
    public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record, @Nullable Callback callback) {
        enter(Call.SEND, State.IN_TRANSACTION);
        checkNotFenced();
        @Nullable Fault fault = cluster.faults().next(Call.SEND, record);
        if (fault instanceof Fault.Refused refused) {
            state = State.ABORTABLE;
            lastError = refused.error();
            if (callback != null) {
                callback.onCompletion(metadata(record), refused.error());
            }
            return CompletableFuture.failedFuture(refused.error());
        }
        goWrong(fault, Call.SEND, () -> {});
        cluster.add(record);
        if (callback != null) {
            callback.onCompletion(metadata(record), null);
        }
        return CompletableFuture.completedFuture(metadata(record));
    }

    @Override
    public void sendOffsetsToTransaction(Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata member) {
        enter(Call.OFFSETS, State.IN_TRANSACTION);
        checkNotFenced();
        goWrong(Call.OFFSETS, () -> {});
        if (!cluster.accepts(member)) {
            goWrong(new Fault.Abortable(new CommitFailedException("an old generation")), Call.OFFSETS, () -> {});
        }
        cluster.add(offsets);
    }

    @Override
    public void commitTransaction() {
        enter(Call.COMMIT, State.IN_TRANSACTION);
        if (!unansweredWasDone) {
            checkNotFenced();
        }
        goWrong(Call.COMMIT, cluster::commit);
        if (!unansweredWasDone) {
            cluster.commit();
        }
        answered();
    }

    @Override
    public void abortTransaction() {
        enter(Call.ABORT, State.IN_TRANSACTION, State.ABORTABLE);
        checkNotFenced();
        goWrong(Call.ABORT, cluster::abort);
        cluster.abort();
        answered();
    }

    private void answered() {
        unanswered = null;
        unansweredWasDone = false;
        lastError = null;
        state = State.READY;
    }

    private void enter(Call call, State... allowed) {
        calls.add(call);
        if (state == State.CLOSED) {
            throw new IllegalStateException(call + " after close");
        }
        if (unanswered != null && unanswered != call) {
            throw new IllegalStateException(call + " while " + unanswered + " has no answer");
        }
        if (lastError != null && !(state == State.ABORTABLE && call == Call.ABORT)) {
            throw lastError instanceof ProducerFencedException
                    ? lastError
                    : new KafkaException(
                            "Cannot execute transactional method because we are in an error state", lastError);
        }
        if (!List.of(allowed).contains(state)) {
            throw new IllegalStateException(call + " in state " + state);
        }
    }

    private void checkNotFenced() {
        if (!cluster.isNewest(this)) {
            goWrong(new Fault.Fatal(new ProducerFencedException("a newer producer has this id")), Call.SEND, () -> {});
        }
    }

    private void goWrong(Call call, Runnable effect) {
        goWrong(cluster.faults().next(call, null), call, effect);
    }

    private void goWrong(@Nullable Fault fault, Call call, Runnable effect) {
        if (fault instanceof Fault.Throws thrown) {
            throw thrown.error();
        }
        if (fault instanceof Fault.Abortable abortable) {
            state = State.ABORTABLE;
            lastError = abortable.error();
            throw abortable.error();
        }
        if (fault instanceof Fault.Fatal fatal) {
            state = State.FATAL;
            lastError = fatal.error();
            throw fatal.error();
        }
        if (fault instanceof Fault.DoneButFatal lost) {
            if (!unansweredWasDone) {
                effect.run();
            }
            state = State.FATAL;
            lastError = lost.error();
            throw lost.error();
        }
        if (fault instanceof Fault.NoAnswer noAnswer) {
            unanswered = call;
            if (noAnswer.done() && !unansweredWasDone) {
                effect.run();
                unansweredWasDone = true;
            }
            throw noAnswer.error();
        }
    }

    private static RecordMetadata metadata(ProducerRecord<byte[], byte[]> record) {
        return new RecordMetadata(new TopicPartition(record.topic(), 0), -1, -1, -1, -1, -1);
    }

    @Override
    public void close() {
        close(Duration.ofMillis(Long.MAX_VALUE));
    }

    @Override
    public void close(Duration timeout) {
        state = State.CLOSED;
        closedWithin = timeout;
    }

    @Override
    public void flush() {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<PartitionInfo> partitionsFor(String topic) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Map<MetricName, ? extends Metric> metrics() {
        return Map.of();
    }

    @Override
    public Uuid clientInstanceId(Duration timeout) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void registerMetricForSubscription(KafkaMetric metric) {}

    @Override
    public void unregisterMetricFromSubscription(KafkaMetric metric) {}
}
