package dev.semel.dlq.internal.keep;

import dev.semel.core.failure.FailureClass;
import dev.semel.dlq.LetterStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** States as users see them. */
final class Statuses {

    private Statuses() {}

    static LetterStatus of(Store store, long address, KeptState state) {
        @Nullable String reason = state.reason() == null && Addresses.isEarlier(address)
                ? "it was " + store.firstId(address) + " until its topic was made anew"
                : state.reason();
        @Nullable Fault fault = state.fault();
        return new LetterStatus(
                store.id(address, state),
                state.state(),
                fault == null ? null : new FailureClass(fault.failureClass()),
                fault == null ? null : fault.fingerprint(),
                fault == null ? null : fault.exception(),
                state.attempts(),
                state.deferrals(),
                state.dueMillis() == 0 ? null : Instant.ofEpochMilli(state.dueMillis()),
                state.failedFirstMillis() == 0 ? null : Instant.ofEpochMilli(state.failedFirstMillis()),
                Instant.ofEpochMilli(state.changedMillis()),
                state.actor(),
                reason,
                state.commandId());
    }
}
