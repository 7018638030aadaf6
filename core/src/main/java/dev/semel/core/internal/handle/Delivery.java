package dev.semel.core.internal.handle;

import dev.semel.core.event.Event;
import dev.semel.core.event.RecordPosition;
import dev.semel.core.failure.Failure;
import dev.semel.core.failure.FailureClass;
import dev.semel.core.internal.release.Outcome;
import dev.semel.core.internal.release.Slot;
import dev.semel.core.participant.Fate;
import dev.semel.core.participant.PartitionParticipant;
import dev.semel.core.participant.Redelivery;
import dev.semel.core.participant.Subject;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * A record on its lane: its bytes, its place in its partition, and the attempts made at it. Used by one thread at a time; the
 * lanes' lock hands it from one to the next. Its place among others belongs to its lane.
 */
final class Delivery implements Slot.Rejection, Subject {

    /** How many lost races say nothing about a record; one more does. */
    private static final int MOST_CONFLICTS = 10;

    private final ConsumerRecord<byte[], byte[]> record;
    private final Header[] headers;
    private final Slot slot;
    private final Lane lane;
    private final @Nullable Object sequence;

    private @Nullable Delivery follower;
    private boolean alone;

    private int attempt;
    private boolean diedUndecided;
    private long firstAttemptNanos;
    private long lastAttemptNanos;
    private boolean uncounted;
    private @Nullable Instant firstFailedAt;
    private @Nullable EarlierFailures earlier;
    private int conflicts;
    private @Nullable Event<?, ?> event;
    private @Nullable Decided decided;
    private boolean handled;
    private boolean givenUp;
    private boolean given;
    private boolean withinBudget;
    private @Nullable Duration delay;

    /** @param sequence what it has in common with the records that it is handled in order with; null where there are none */
    Delivery(ConsumerRecord<byte[], byte[]> record, Slot slot, Lane lane, @Nullable Object sequence) {
        this.record = record;
        this.headers = record.headers().toArray();
        this.slot = slot;
        this.lane = lane;
        this.sequence = sequence;
    }

    /**
     * The record as it came, for whoever reads it next. Deserializers and handlers may change its headers, so each but the first
     * gets a copy, which most records never need.
     */
    ConsumerRecord<byte[], byte[]> record() {
        if (!given) {
            given = true;
            return record;
        }
        return new ConsumerRecord<>(
                record.topic(),
                record.partition(),
                record.offset(),
                record.timestamp(),
                record.timestampType(),
                record.serializedKeySize(),
                record.serializedValueSize(),
                record.key(),
                record.value(),
                new RecordHeaders(headers),
                record.leaderEpoch());
    }

    /** It was read as this event, which is kept for participants until it is handled. */
    void isRead(Event<?, ?> as) {
        event = as;
    }

    @Override
    public @Nullable Event<?, ?> event() {
        return event;
    }

    @Override
    public byte @Nullable [] key() {
        return record.key();
    }

    @Override
    public byte @Nullable [] value() {
        return record.value();
    }

    @Override
    public Headers headers() {
        return new RecordHeaders(headers);
    }

    @Override
    public @Nullable Redelivery redelivery() {
        return slot.redelivery();
    }

    /** Whether its handler is not to be called: it is given up, and whoever takes part is to know. */
    boolean isDiscarded() {
        @Nullable Redelivery redelivery = slot.redelivery();
        return redelivery != null && redelivery.isDiscarded();
    }

    /** Who takes part in its assignment. */
    PartitionParticipant participant() {
        return slot.participant();
    }

    String topic() {
        return record.topic();
    }

    int partition() {
        return record.partition();
    }

    long offset() {
        return slot.offset();
    }

    @Override
    public long timestamp() {
        return record.timestamp();
    }

    /** The broker has refused something of it, after it has left its lane. */
    @Override
    public void rejected(Outcome refused, Exception refusal) {
        lane.refused(new Refusal(this, refused, refusal));
    }

    Slot slot() {
        return slot;
    }

    Lane lane() {
        return lane;
    }

    @Nullable Object sequence() {
        return sequence;
    }

    /** The next of its sequence waits for it. */
    void isFollowedBy(@Nullable Delivery next) {
        follower = next;
    }

    @Nullable Delivery follower() {
        return follower;
    }

    /** Not to be in one batch with others any more. Races that it lost together with them say nothing about it. */
    void standsAlone() {
        if (!alone) {
            alone = true;
            conflicts = 0;
        }
    }

    boolean isAlone() {
        return alone;
    }

    /** The process ended during so many attempts before. */
    void startsAfter(int attempts) {
        attempt = attempts;
        diedUndecided = attempts > 0;
    }

    /** Whether nobody has decided yet about the end of the process during its last attempt; tells so once. */
    boolean diedUndecided() {
        boolean told = diedUndecided;
        diedUndecided = false;
        return told;
    }

    /** What was decided to become of it, which could not be carried out yet. */
    sealed interface Decided {

        Fate fate();

        /** The class of the failure for which it is given up. */
        FailureClass failureClass();

        /** Why, for people. */
        String reason();
    }

    /** It becomes a letter. */
    record Lettered(Failure failure) implements Decided {

        @Override
        public Fate fate() {
            return Fate.LETTERED;
        }

        @Override
        public FailureClass failureClass() {
            return failure.failureClass();
        }

        @Override
        public String reason() {
            return message(failure);
        }
    }

    /** It is passed over. */
    record Skipped(Failure failure, String reason) implements Decided {

        @Override
        public Fate fate() {
            return Fate.SKIPPED;
        }

        @Override
        public FailureClass failureClass() {
            return failure.failureClass();
        }
    }

    /** It is kept, behind another of its sequence. */
    record Parked(String reason) implements Decided {

        private static final FailureClass WAITING = new FailureClass("waiting");

        @Override
        public Fate fate() {
            return Fate.WAITING;
        }

        @Override
        public FailureClass failureClass() {
            return WAITING;
        }
    }

    /** It came too early, and is kept until it is due. */
    record Deferred(Failure failure, Duration delay) implements Decided {

        @Override
        public Fate fate() {
            return Fate.DEFERRED;
        }

        @Override
        public FailureClass failureClass() {
            return failure.failureClass();
        }

        @Override
        public String reason() {
            return message(failure);
        }
    }

    private static String message(Failure failure) {
        @Nullable String message = failure.exception().getMessage();
        return message == null ? failure.toString() : message;
    }

    void becomes(Decided what) {
        decided = what;
    }

    /** What was decided is not to become of it after all: something else had before. */
    void doesNotBecome() {
        decided = null;
        withinBudget = false;
    }

    @Nullable Decided decided() {
        return decided;
    }

    /** Its handler has returned, and what that has done outside Kafka is done. */
    void isHandled() {
        handled = true;
        event = null;
    }

    /** Whether participants are still to be told that it is given up, which they are once. */
    boolean isToBeGivenUp() {
        return !handled && !givenUp;
    }

    void isGivenUp() {
        givenUp = true;
    }

    /** An attempt has lost a race. Whether that is to say nothing about the record. */
    boolean mayConflict() {
        conflicts++;
        return conflicts <= MOST_CONFLICTS;
    }

    /** The letter that it becomes is taken out of the budget, which is done once. */
    void withinBudget() {
        withinBudget = true;
    }

    boolean isWithinBudget() {
        return withinBudget;
    }

    @Override
    public RecordPosition position() {
        return new RecordPosition(record.topic(), record.partition(), record.offset());
    }

    void attemptStarts(long nowNanos) {
        if (firstAttemptNanos == 0) {
            firstAttemptNanos = nowNanos;
        } else if (uncounted) {
            firstAttemptNanos += nowNanos - lastAttemptNanos;
        }
        uncounted = false;
        lastAttemptNanos = nowNanos;
        attempt++;
    }

    /** Takes back the attempt that was started, and the time until the next one: they say nothing about the record. */
    void attemptDoesNotCount() {
        attempt--;
        uncounted = true;
    }

    /** Which attempt this is, from 1; those that an end of the process cut short are counted. */
    int attempt() {
        return attempt;
    }

    /** Since the first attempt began, without the time for those that did not count. */
    long elapsedNanos(long nowNanos) {
        return firstAttemptNanos == 0 ? 0 : (uncounted ? lastAttemptNanos : nowNanos) - firstAttemptNanos;
    }

    /** When the first attempt failed, which is now where none did before. */
    Instant failedFirst(Instant now) {
        if (firstFailedAt == null) {
            firstFailedAt = now;
        }
        return firstFailedAt;
    }

    /** An attempt failed with this, and another is made. */
    void failedWith(Exception exception) {
        if (earlier == null) {
            earlier = new EarlierFailures();
        }
        earlier.add(exception);
    }

    /** No attempt is made after the one that failed with this: it tells of the earlier ones, too. */
    void failedFinallyWith(Exception exception) {
        if (earlier != null) {
            earlier.suppressIn(exception);
        }
    }

    /** It has its outcome, or needs none. */
    void isDoneWith() {
        delay = null;
    }

    /** It is to be handled again after this time. */
    void comesAgainAfter(Duration time) {
        delay = time;
    }

    boolean isDone() {
        return delay == null;
    }

    /** How long until it is to be handled again. */
    Duration delay() {
        return delay == null ? Duration.ZERO : delay;
    }
}
