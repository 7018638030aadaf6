package dev.semel.core.internal.handle;

import dev.semel.core.event.Event;
import dev.semel.core.event.EventContext;
import dev.semel.core.failure.OutputRejectedException;
import java.util.ArrayList;
import java.util.List;
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
    private final Thread thread = Thread.currentThread();
    private final List<ProducerRecord<byte[], byte[]>> sent = new ArrayList<>(2);

    private @Nullable RuntimeException refused;
    private boolean ended;

    Attempt(Event<?, ?> event, long timestamp, int number, Outputs outputs) {
        this.event = event;
        this.timestamp = timestamp;
        this.number = number;
        this.outputs = outputs;
    }

    @Override
    public void send(String topic, @Nullable Object key, @Nullable Object value, Header... headers) {
        checkUsable();
        try {
            sent.add(outputs.write(event, timestamp, sent.size(), topic, key, value, headers));
        } catch (OutputRejectedException | ClusterUnavailableException e) {
            refused = e;
            throw e;
        }
    }

    @Override
    public void send(ProducerRecord<byte[], byte[]> output) {
        checkUsable();
        try {
            outputs.check(output);
            sent.add(output);
        } catch (OutputRejectedException | ClusterUnavailableException e) {
            refused = e;
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
        if (refused != null) {
            throw refused;
        }
        return sent;
    }

    /** The exception that tells why the attempt failed: a handler may have wrapped the refusal of an output, or lost it. */
    Exception tellingOf(Exception thrown) {
        return refused == null ? thrown : refused;
    }

    /** Whether the attempt failed for want of the cluster, which says nothing about the record. */
    boolean wasCutOff() {
        return refused instanceof ClusterUnavailableException;
    }
}
