package dev.semel.windowing.engine;

import dev.semel.windowing.internal.format.ValueReader;
import dev.semel.windowing.internal.format.ValueWriter;
import dev.semel.windowing.state.ControlEntry;
import dev.semel.windowing.state.IncompatibleStateException;
import java.time.Duration;

/**
 * The settings that state cannot do without: with others, what is open belongs to windows that do not exist.
 *
 * @param windows kind, size, what else tells where windows begin, and what accumulators have, as a person would read it
 * @param sameWindows the same, said otherwise
 */
record Fingerprint(String windows, String sameWindows) implements ControlEntry {

    static final byte CONTROL_KEY = 'F';

    private static final int VERSION = 1;

    /** A negative offset and a positive one are of the same windows: what is written has the positive one. */
    static Fingerprint of(WindowAssigner windows, Emission emission) {
        Duration advance = windows.advance();
        Duration offset = windows.offset().isNegative() ? windows.offset().plus(advance) : windows.offset();
        String begins = windows.isTumbling()
                ? "tumbling windows of " + windows.size()
                : "windows of " + windows.size() + " that advance by " + advance;
        return new Fingerprint(
                begins + ", offset by " + offset + shown(emission),
                begins + ", offset by " + offset.minus(advance) + shown(emission));
    }

    static Fingerprint ofSessions(long gapMillis, Emission emission) {
        return of("sessions with a gap of " + Duration.ofMillis(gapMillis) + shown(emission));
    }

    private static Fingerprint of(String windows) {
        return new Fingerprint(windows, windows);
    }

    /** An accumulator has what has not been shown yet where panes discard, and else all that there is. */
    private static String shown(Emission emission) {
        return emission.isDiscarding() ? ", with discarding panes" : "";
    }

    /** Of what has no windows: there are no settings with which it would be another. */
    static Fingerprint ofSorter() {
        return of("a sorter by event time");
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
        return of(new ValueReader("the fingerprint of the windows", stored, VERSION).text());
    }

    void check(byte[] stored) {
        String before = of(stored).windows;
        if (!before.equals(windows) && !before.equals(sameWindows)) {
            throw new IncompatibleStateException("the stored state is of " + before + ", and the settings say "
                    + windows + ": go back to those, or give the operator another name to begin with no state");
        }
    }
}
