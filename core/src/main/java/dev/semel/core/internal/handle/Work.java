package dev.semel.core.internal.handle;

import dev.semel.core.event.Event;
import dev.semel.core.event.EventContext;
import dev.semel.core.participant.PartitionParticipant;
import dev.semel.core.participant.UnitOfWork;
import dev.semel.core.participant.Verdict;
import java.util.List;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What participants have taken up around a run, and when its deadline counts: not while they judge, and no more once they commit.
 *
 * <p>Threading: for the run's thread; cancelled, through the run, by another.
 */
final class Work implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Work.class);

    private final Run run;
    private final UnitOfWork unit;
    private final LongSupplier nanoTime;

    /** Begins it. */
    Work(Run run, PartitionParticipant participant, LongSupplier nanoTime) {
        this.run = run;
        this.nanoTime = nanoTime;
        this.unit = participant.begin();
        if (!isNone()) {
            run.isWith(unit);
        }
    }

    /** Whether nobody takes part. */
    boolean isNone() {
        return unit == UnitOfWork.NONE;
    }

    /**
     * Whether the delivery, which was read as this event, is to be handled. It says nothing where the run is not {@linkplain
     * Run#isInTime in time} afterwards.
     */
    Verdict judge(Delivery delivery, Event<?, ?> event) throws Exception {
        if (isNone()) {
            return Verdict.PROCEED;
        }
        delivery.isRead(event);
        if (!run.prepares()) {
            throw new IllegalStateException("the attempt at " + delivery.position() + " has outrun its deadline");
        }
        try {
            return unit.judge(delivery);
        } finally {
            // Whatever it says of this one: there may be others.
            run.beginAnew(nanoTime.getAsLong());
        }
    }

    EventContext context(Delivery delivery, EventContext context) {
        return unit.context(delivery, context);
    }

    /** What the run is to be taken to have failed with. */
    Exception failed(Exception thrown) {
        return unit.failed(thrown);
    }

    void handled(Delivery delivery, List<ProducerRecord<byte[], byte[]>> outputs) throws Exception {
        unit.handled(delivery, outputs);
    }

    /** Commits what was handled, unless the run is late. */
    void commit() throws Exception {
        if (!isNone() && run.commits()) {
            unit.commit();
        }
    }

    @Override
    public void close() {
        if (isNone()) {
            return;
        }
        try {
            unit.close();
        } catch (Exception e) {
            // What is not committed by now never is: whoever holds it open ends it when its connection ends.
            log.warn("What was taken up around an attempt did not end as it should", e);
        } finally {
            run.isWith(null);
        }
    }
}
