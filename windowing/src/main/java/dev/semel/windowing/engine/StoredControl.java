package dev.semel.windowing.engine;

import java.util.OptionalLong;

/**
 * An entry of control state as it was kept.
 *
 * @param key of the entry
 * @param value of the entry
 */
public record StoredControl(byte[] key, byte[] value) {

    /**
     * The end of the window that this entry says is open; empty if it is another entry. A store of accumulators has none of windows
     * that no entry names.
     */
    public OptionalLong openWindow() {
        return key.length > 0 && key[0] == OpenWindow.CONTROL_KEY
                ? OptionalLong.of(OpenWindow.of(key).end())
                : OptionalLong.empty();
    }
}
