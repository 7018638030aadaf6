package dev.semel.dlq;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The last thing that was done about a letter.
 *
 * @param state what became of it
 * @param redriveId names the run that did it
 * @param actor who ran it
 * @param reason why, if anybody said so; for a letter that failed again, with what
 * @param at when
 * @param attempts how often a redrive of it was tried
 * @param target where a copy was sent, if one was
 */
public record StateChange(
        LetterState state,
        String redriveId,
        String actor,
        @Nullable String reason,
        Instant at,
        int attempts,
        @Nullable String target) {

    public StateChange {
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(redriveId, "redriveId");
        Objects.requireNonNull(actor, "actor");
        Objects.requireNonNull(at, "at");
    }
}
