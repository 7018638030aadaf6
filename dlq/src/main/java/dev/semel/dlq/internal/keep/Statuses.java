package dev.semel.dlq.internal.keep;

import dev.semel.core.failure.FailureClass;
import dev.semel.dlq.LetterStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** States as users see them. */
final class Statuses {

    private Statuses() {}

    static LetterStatus of(Store store, long address, KeptState state) {
        LetterStatus status = of(store.id(address), state);
        if (!Addresses.isEarlier(address) || state.reason() != null) {
            return status;
        }
        return of(
                store.id(address),
                state.become(
                        state.state(),
                        state.changedMillis(),
                        "it was " + store.firstId(address) + " until its topic was made anew"));
    }

    private static LetterStatus of(String id, KeptState state) {
        @Nullable Fault fault = state.fault();
        return new LetterStatus(
                id,
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
                state.reason(),
                state.commandId());
    }
}
