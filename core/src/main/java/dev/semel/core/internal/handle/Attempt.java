package dev.semel.core.internal.handle;

import dev.semel.core.event.Event;
import dev.semel.core.event.EventContext;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * The context of one attempt. What it sends is buffered here and goes on only when the attempt succeeds as a whole; an attempt
 * that an output was refused to has failed, whether or not the handler lets the exception out.
 */
final class Attempt implements EventContext {

    private final Event<?, ?> event;
    private final long timestamp;
    private final int number;
    private final Outputs outputs;
    private final Run run;
    private final Thread thread = Thread.currentThread();
    private final List<ProducerRecord<byte[], byte[]>> sent = new ArrayList<>(2);

    // Written by another thread where a handler sends from one, which is refused.
    private volatile @Nullable RuntimeException refused;
    private boolean ended;

    Attempt(Event<?, ?> event, Delivery delivery, Run run, Outputs outputs) {
        this.event = event;
        this.timestamp = delivery.timestamp();
        this.number = delivery.attempt();
        this.run = run;
        this.outputs = outputs;
    }

    @Override
    public void send(String topic, @Nullable Object key, @Nullable Object value, Header... headers) {
        buffer(() -> outputs.write(event, timestamp, sent.size(), topic, key, value, headers));
    }

    @Override
    public void send(ProducerRecord<byte[], byte[]> output) {
        buffer(() -> {
            outputs.check(output);
            return output;
        });
    }

    /** Whatever keeps an output from being sent fails the attempt, even where the handler catches it. */
    private void buffer(Supplier<ProducerRecord<byte[], byte[]>> output) {
        try {
            checkUsable();
            sent.add(output.get());
        } catch (RuntimeException e) {
            if (refused == null) {
                refused = e;
            }
            throw e;
        }
    }

    @Override
    public int attempt() {
        checkUsable();
        return number;
    }

    private void checkUsable() {
        if (Thread.currentThread() != thread) {
            throw new IllegalStateException(
                    "the context of " + event.position() + " is for the thread that runs its handler only");
        }
        if (!run.isInTime()) {
            throw new IllegalStateException("the handler of " + event.position()
                    + " has outrun its deadline, and nothing that it still does counts");
        }
        if (ended) {
            throw new IllegalStateException(
                    "the handler of " + event.position() + " has returned: its context is of no use any more");
        }
    }

    /** Ends the attempt; the context is of no use from here on. */
    void end() {
        ended = true;
    }

    /** What was sent, or the exception of the first output that was refused. */
    List<ProducerRecord<byte[], byte[]>> outputs() {
        @Nullable RuntimeException refusal = refused;
        if (refusal != null) {
            throw refusal;
        }
        return sent;
    }

    /** The exception that tells why the attempt failed: a handler may have wrapped the refusal of an output, or lost it. */
    Exception tellingOf(Exception thrown) {
        @Nullable RuntimeException refusal = refused;
        return refusal == null ? thrown : refusal;
    }

    boolean isRefused() {
        return refused != null;
    }

    /** Whether the attempt failed for want of the cluster, which says nothing about the record. */
    boolean wasCutOff() {
        return refused instanceof ClusterUnavailableException;
    }
}
