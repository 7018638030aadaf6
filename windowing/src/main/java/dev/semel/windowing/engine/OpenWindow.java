package dev.semel.windowing.engine;

import dev.semel.windowing.internal.format.ValueWriter;
import dev.semel.windowing.state.ControlEntry;
import dev.semel.windowing.state.IncompatibleStateException;
import java.nio.ByteBuffer;

/**
 * Control state's entry of a window that is open.
 *
 * @param end of the window
 */
record OpenWindow(long end) implements ControlEntry {

    static final byte CONTROL_KEY = 'W';

    private static final int VERSION = 1;

    static OpenWindow of(byte[] controlKey) {
        if (controlKey.length != 1 + Long.BYTES) {
            throw new IncompatibleStateException("an open window in the stored state has a key of " + controlKey.length
                    + " bytes, and this release knows keys of " + (1 + Long.BYTES)
                    + ": start the release that wrote it, or a newer one");
        }
        return new OpenWindow(ByteBuffer.wrap(controlKey, 1, Long.BYTES).getLong() ^ Long.MIN_VALUE);
    }

    @Override
    public byte[] controlKey() {
        return ByteBuffer.allocate(1 + Long.BYTES)
                .put(CONTROL_KEY)
                .putLong(end ^ Long.MIN_VALUE)
                .array();
    }

    @Override
    public byte[] controlValue() {
        return new ValueWriter(VERSION).bytes();
    }
}
