package dev.semel.windowing.engine;

import dev.semel.windowing.state.IncompatibleStateException;
import java.util.Optional;
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

    /** The key of the entry that says which windows the state is of. */
    public static byte[] keyOfWindows() {
        return new byte[] {Fingerprint.CONTROL_KEY};
    }

    /**
     * Which windows the state is of, as a person reads it, such as {@code sessions with a gap of PT30S}; empty if this is another entry.
     *
     * @throws IncompatibleStateException if it is of a newer release
     */
    public Optional<String> windows() {
        return key.length > 0 && key[0] == Fingerprint.CONTROL_KEY
                ? Optional.of(Fingerprint.of(value).windows())
                : Optional.empty();
    }
}
