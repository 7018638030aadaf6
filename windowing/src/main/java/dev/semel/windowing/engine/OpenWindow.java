package dev.semel.windowing.engine;

import dev.semel.windowing.internal.format.ValueWriter;
import dev.semel.windowing.state.ControlEntry;
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
