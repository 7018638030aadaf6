package dev.semel.windowing.sequence;

import dev.semel.windowing.internal.format.ValueReader;
import dev.semel.windowing.internal.format.ValueWriter;
import dev.semel.windowing.state.ControlEntry;
import dev.semel.windowing.state.IncompatibleStateException;

/**
 * Says of what the state is. It has the place and the form in which windows and sorters say the same, so that each of them can name the
 * other. Neither the first number nor the bounds of gaps are in it: with others, state is as good as before.
 */
enum SequenceKind implements ControlEntry {
    INSTANCE;

    static final byte CONTROL_KEY = 'F';

    private static final int VERSION = 1;
    private static final String KIND = "a resequencer";

    @Override
    public byte[] controlKey() {
        return new byte[] {CONTROL_KEY};
    }

    @Override
    public byte[] controlValue() {
        return new ValueWriter(VERSION).text(KIND).bytes();
    }

    static void check(byte[] stored) {
        String before = new ValueReader("the kind of the state", stored, VERSION).text();
        if (!before.equals(KIND)) {
            throw new IncompatibleStateException("the stored state is of " + before + ", and this is " + KIND
                    + ": give it another name to begin with no state");
        }
    }
}
