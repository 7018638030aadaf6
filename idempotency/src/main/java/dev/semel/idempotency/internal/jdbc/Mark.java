package dev.semel.idempotency.internal.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.semel.core.event.EventId;
import dev.semel.core.event.RecordPosition;
import dev.semel.core.failure.DeadLetter;
import dev.semel.core.participant.Subject;
import dev.semel.idempotency.internal.Sha256;
import dev.semel.idempotency.internal.database.StorableText;
import java.util.Optional;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * What is to be known of an event: that it had its effect, or was given up, by the record at this position. Its hashes are not to be
 * changed.
 */
final class Mark {

    private final EventId event;
    private final byte[] hash;
    private final Position position;
    private final byte @Nullable [] payloadHash;
    private final long recordTimeMs;
    private final @Nullable String letterId;

    private Mark(
            EventId event,
            byte[] hash,
            Position position,
            byte @Nullable [] payloadHash,
            long recordTimeMs,
            @Nullable String letterId) {
        this.event = event;
        this.hash = hash;
        this.position = position;
        this.payloadHash = payloadHash;
        this.recordTimeMs = recordTimeMs;
        this.letterId = letterId;
    }

    /**
     * Of an event.
     *
     * @param recordTimeMs up to where its partition is read, by the timestamps of records
     */
    static Mark of(EventId event, Subject subject, Position position, boolean withPayload, long recordTimeMs) {
        return new Mark(
                event,
                Sha256.of(event.source(), event.id()),
                position,
                withPayload ? Sha256.of(subject.value()) : null,
                recordTimeMs,
                letterId(subject));
    }

    private static @Nullable String letterId(Subject subject) {
        @Nullable Header header = subject.headers().lastHeader(DeadLetter.ID);
        return header == null || header.value() == null ? null : new String(header.value(), UTF_8);
    }

    /** Of a record that could not be read as an event. Its hash is none that an event can have: it is made of three parts. */
    static Mark unread(Position position, long recordTimeMs) {
        var record = position.record();
        return new Mark(
                new EventId("kafka:" + record.topic(), record.partition() + "-" + record.offset()),
                Sha256.of(position.topicId().toString(), "" + record.partition(), "" + record.offset()),
                position,
                null,
                recordTimeMs,
                null);
    }

    /** The same mark, told in characters that every database has: its hashes are of what it was. */
    Mark inAscii() {
        var told = new EventId(StorableText.ascii(event.source()), StorableText.ascii(event.id()));
        return new Mark(told, hash, position, payloadHash, recordTimeMs, letterId);
    }

    EventId event() {
        return event;
    }

    byte[] hash() {
        return hash;
    }

    Position position() {
        return position;
    }

    byte @Nullable [] payloadHash() {
        return payloadHash;
    }

    long recordTimeMs() {
        return recordTimeMs;
    }

    /** What the record says of itself where it is a copy of a letter: the letter's id; null where it says nothing. */
    @Nullable String letterId() {
        return letterId;
    }

    /** The position, in the same topic, that the letter of this group had of which it is a copy; empty where it is none. */
    Optional<RecordPosition> copiedFrom(String group) {
        String topic = position.record().topic();
        String before = group + "/" + topic + "/";
        if (letterId == null || !letterId.startsWith(before)) {
            return Optional.empty();
        }
        String[] parts = letterId.substring(before.length()).split("/", -1);
        try {
            return parts.length != 2
                    ? Optional.empty()
                    : Optional.of(new RecordPosition(topic, Integer.parseInt(parts[0]), Long.parseLong(parts[1])));
        } catch (NumberFormatException e) {
            // Nobody of ours writes such an id.
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return event + " at " + position.record();
    }
}
