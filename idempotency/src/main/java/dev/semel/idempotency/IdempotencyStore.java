package dev.semel.idempotency;

import dev.semel.core.participant.Participant;

/**
 * Where it is remembered which events had their effect. Made by Semel, and handed to {@link Idempotency#with}:
 *
 * <ul>
 *   <li>{@link KafkaIdempotencyStore}, for handlers whose effect are the records that they send;
 *   <li>{@code JdbcIdempotencyStore}, for those whose effect is in a database, in the same transaction as the mark;
 *   <li>{@link InMemoryIdempotencyStore}, for development.
 * </ul>
 */
public interface IdempotencyStore {

    /**
     * What joins one processor, and remembers for it. Called by {@link Idempotency} when the processor starts.
     *
     * @param rules by what events are known
     */
    Participant participant(IdentityRules rules);
}
