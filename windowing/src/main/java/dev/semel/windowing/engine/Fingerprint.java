package dev.semel.windowing.engine;

import dev.semel.windowing.internal.format.ValueReader;
import dev.semel.windowing.internal.format.ValueWriter;
import dev.semel.windowing.state.ControlEntry;
import dev.semel.windowing.state.IncompatibleStateException;
import java.time.Duration;

/**
 * The settings that state cannot do without: with others, what is open belongs to windows that do not exist.
 *
 * @param windows kind, size and what else tells where windows begin, as a person would read it
 */
record Fingerprint(String windows) implements ControlEntry {

    static final byte CONTROL_KEY = 'F';

    private static final int VERSION = 1;

    static Fingerprint of(WindowAssigner windows) {
        return new Fingerprint((windows.isTumbling()
                        ? "tumbling windows of " + windows.size()
                        : "windows of " + windows.size() + " that advance by " + windows.advance())
                + ", offset by "
                + windows.offset());
    }

    static Fingerprint ofSessions(long gapMillis) {
        return new Fingerprint("sessions with a gap of " + Duration.ofMillis(gapMillis));
    }

    /** Of what has no windows: there are no settings with which it would be another. */
    static Fingerprint ofSorter() {
        return new Fingerprint("a sorter by event time");
    }

    @Override
    public byte[] controlKey() {
        return new byte[] {CONTROL_KEY};
    }

    @Override
    public byte[] controlValue() {
        return new ValueWriter(VERSION).text(windows).bytes();
    }

    /** What was stored. */
    static Fingerprint of(byte[] stored) {
        return new Fingerprint(new ValueReader("the fingerprint of the windows", stored, VERSION).text());
    }

    void check(byte[] stored) {
        String before = of(stored).windows;
        if (!before.equals(windows)) {
            throw new IncompatibleStateException("the stored state is of " + before + ", and the settings say "
                    + windows + ": go back to those, or give the operator another name to begin with no state");
        }
    }
}
