package dev.semel.idempotency.internal.judge;

import dev.semel.core.event.Event;
import dev.semel.core.event.EventId;
import dev.semel.core.failure.EventRejectedException;
import dev.semel.core.failure.FailureClass;
import dev.semel.core.participant.Subject;
import dev.semel.core.participant.UnitOfWork;
import dev.semel.core.participant.Verdict;
import dev.semel.idempotency.internal.Identifier;
import dev.semel.idempotency.internal.marks.Claim;
import dev.semel.idempotency.internal.marks.Claims;
import dev.semel.idempotency.internal.marks.Fingerprint;
import dev.semel.idempotency.internal.marks.PayloadHash;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/** Judges the records of one assignment of a partition. Thread-safe, but for its units of work. */
public final class Judge {

    private final Claims claims;
    private final Identifier identifier;
    private final Uuid topicId;
    private final boolean comparesPayloads;

    /** @param topicId of the partition's topic, as it is now */
    public Judge(Claims claims, Identifier identifier, Uuid topicId, boolean comparesPayloads) {
        this.claims = claims;
        this.identifier = identifier;
        this.topicId = topicId;
        this.comparesPayloads = comparesPayloads;
    }

    /** An attempt at a record, or at several. */
    public UnitOfWork begin() {
        return new Unit();
    }

    /** The record is given up. */
    public void giveUp(Subject subject) {
        long offset = subject.position().offset();
        @Nullable Event<?, ?> event = subject.event();
        if (event != null) {
            try {
                EventId id = identify(event);
                claims.drop(offset, Fingerprint.of(id.source(), id.id()));
            } catch (Exception e) {
                // It was rejected, or cannot be identified, for this very reason, and so has made no claim.
                claims.drop(offset);
            }
        } else {
            claims.drop(offset);
        }
    }

    private EventId identify(Event<?, ?> event) throws Exception {
        return identifier.identify(event, topicId);
    }

    private final class Unit implements UnitOfWork {

        private final List<Claim> granted = new ArrayList<>(1);
        private int nextHandled;

        @Override
        public Verdict judge(Subject subject) throws Exception {
            Event<?, ?> event = Objects.requireNonNull(subject.event(), "event");
            EventId id = identify(event);
            var claim = new Claim(
                    Fingerprint.of(id.source(), id.id()),
                    comparesPayloads ? PayloadHash.of(subject.value()) : PayloadHash.UNKNOWN,
                    subject.position().offset(),
                    subject.timestamp(),
                    subject.redelivery() != null);
            return switch (claims.claim(claim)) {
                case GRANTED -> {
                    granted.add(claim);
                    yield new Verdict.Proceed(claim);
                }
                case DUPLICATE -> Verdict.DUPLICATE;
                case BUSY -> new Verdict.Wait(Duration.ofMillis(claim.waitMillis()));
                case OTHER_PAYLOAD ->
                    throw new EventRejectedException(
                            FailureClass.PAYLOAD_MISMATCH,
                            "event " + id + " at " + event.position()
                                    + " has another payload than the record by which it had"
                                    + " its effect: its producer has used one id for two events, or changed the event and"
                                    + " kept its id; give it an id of its own");
            };
        }

        /** Not all that is granted need be handled: others take part, and may know a record as a duplicate. */
        @Override
        public void handled(Subject subject, List<ProducerRecord<byte[], byte[]>> outputs) {
            long offset = subject.position().offset();
            for (int i = 0; i < granted.size(); i++) {
                // They come in the order in which they were judged.
                int at = (nextHandled + i) % granted.size();
                if (granted.get(at).offset() == offset) {
                    granted.get(at).handled();
                    nextHandled = at + 1;
                    return;
                }
            }
        }

        /** From here on the attempt cannot outrun its deadline, so that what waits for it may go by it. */
        @Override
        public void commit() {
            granted.forEach(Claim::complete);
        }

        @Override
        public void close() {
            for (Claim claim : granted) {
                if (!claim.isComplete()) {
                    claims.stalls(claim);
                }
            }
        }
    }
}
