package dev.semel.dlq.internal.keep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.dlq.LetterState;
import org.junit.jupiter.api.Test;

class KeptStatesTest {

    private static final Fault FAULT = new Fault("handler_exception", "f1", "x.E");

    private static KeptState state(LetterState state, boolean isLetter) {
        return KeptState.begin(state, true, null, 1).failed(FAULT, 1, isLetter);
    }

    @Test
    void theLastStateOfEachOfManyIsKnownUntilItIsForgotten() {
        var states = new KeptStates();
        for (long offset = 0; offset < 10_000; offset++) {
            states.put(3 * offset, state(LetterState.OPEN, false));
        }
        states.put(3, state(LetterState.PARKED, true));
        states.put(6, null);
        assertThat(states.get(0)).isEqualTo(new KeptStates.Known(LetterState.OPEN, 0, 0, FAULT));
        assertThat(states.get(3)).isEqualTo(new KeptStates.Known(LetterState.PARKED, 1, 0, FAULT));
        assertThat(states.get(6)).isNull();
        assertThat(states.get(1)).isNull();
        assertThat(states.get(3 * 9_999)).isEqualTo(states.get(0));
        states.put(9, KeptState.begin(LetterState.WAITING, true, null, 1));
        assertThat(states.get(9)).isEqualTo(new KeptStates.Known(LetterState.WAITING, 0, 0, null));
        var edited = new KeptState.Edited(200, "me", "a typo", "a command", 2);
        states.put(12, state(LetterState.PARKED, true).edited(FAULT, edited));
        assertThat(states.get(12)).isEqualTo(new KeptStates.Known(LetterState.OPEN, 1, 200, FAULT));
    }
}
