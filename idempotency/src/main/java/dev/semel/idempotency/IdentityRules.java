package dev.semel.idempotency;

import dev.semel.core.event.Event;
import dev.semel.core.event.EventId;
import dev.semel.core.event.RecordPosition;
import dev.semel.core.failure.EventRejectedException;
import dev.semel.core.failure.FailureClass;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/** By what an {@link IdempotencyStore} is to know events: what {@link Idempotency} was told. Immutable. */
public final class IdentityRules {

    /** The source of identities that an extractor has given. */
    private static final String EXTRACTED = "key";

    /** What the source of a position begins with; behind it, the id of the topic. */
    private static final String POSITION = "kafka:";

    private final @Nullable KeyExtractor<Object, Object> key;
    private final MissingId missingId;
    private final boolean comparesPayloads;

    private IdentityRules(@Nullable KeyExtractor<Object, Object> key, MissingId missingId, boolean comparesPayloads) {
        this.key = key;
        this.missingId = missingId;
        this.comparesPayloads = comparesPayloads;
    }

    /** The events' own ids, their positions where they have none, and no look at payloads. */
    public static IdentityRules standard() {
        return new IdentityRules(null, MissingId.POSITION, false);
    }

    /** Called with events of the types that the extractor was made for, unless the user has mixed up processors. */
    @SuppressWarnings("unchecked")
    IdentityRules withKey(KeyExtractor<?, ?> extractor) {
        return new IdentityRules((KeyExtractor<Object, Object>) extractor, missingId, comparesPayloads);
    }

    IdentityRules withMissingId(MissingId policy) {
        return new IdentityRules(key, policy, comparesPayloads);
    }

    IdentityRules withPayloads() {
        return new IdentityRules(key, missingId, true);
    }

    /** Whether the same identity with another payload is the failure {@code payload_mismatch}. */
    public boolean comparesPayloads() {
        return comparesPayloads;
    }

    /**
     * The identity of an event.
     *
     * @param topicId of the topic that it was read from
     * @throws EventRejectedException where it has none, and has to have one
     * @throws Exception what the user's extractor throws
     */
    @SuppressWarnings("unchecked")
    public EventId identify(Event<?, ?> event, Uuid topicId) throws Exception {
        if (key != null) {
            @Nullable String named = key.key((Event<Object, Object>) event);
            if (named != null && !named.isEmpty()) {
                return new EventId(EXTRACTED, named);
            }
        } else if (!isPosition(event)) {
            return event.id();
        }
        RecordPosition position = event.position();
        if (missingId == MissingId.REJECT) {
            throw new EventRejectedException(
                    FailureClass.MISSING_ID,
                    "the event at " + position + " has no "
                            + (key == null ? "id, such as the header ce_id: have its producer set one" : "key")
                            + ", or let its position stand for it with MissingId.POSITION");
        }
        return new EventId(POSITION + topicId, position.partition() + "-" + position.offset());
    }

    /** What an event's id is where its record carries none. */
    private static boolean isPosition(Event<?, ?> event) {
        String source = event.id().source();
        RecordPosition position = event.position();
        return source.length() == POSITION.length() + position.topic().length()
                && source.startsWith(POSITION)
                && source.endsWith(position.topic())
                && event.id().id().equals(position.partition() + "-" + position.offset());
    }
}
