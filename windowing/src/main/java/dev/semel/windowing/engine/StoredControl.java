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

    /** What its key begins with; 0 if the key is empty, which no entry is. */
    byte kind() {
        return key.length == 0 ? 0 : key[0];
    }

    /** Of an entry that this release does not know. */
    IncompatibleStateException unknown() {
        return new IncompatibleStateException("the stored state has an entry of kind " + kind()
                + ", which this release does not know: start the release that wrote it, or a newer one");
    }

    /**
     * The end of the window that this entry says is open; empty if it is another entry. A store of accumulators has none of windows
     * that no entry names.
     */
    public OptionalLong openWindow() {
        return kind() == OpenWindow.CONTROL_KEY
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
        return kind() == Fingerprint.CONTROL_KEY
                ? Optional.of(Fingerprint.of(value).windows())
                : Optional.empty();
    }
}
