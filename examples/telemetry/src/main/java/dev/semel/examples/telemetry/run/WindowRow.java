package dev.semel.examples.telemetry.run;

import dev.semel.examples.telemetry.application.Summary;

/**
 * What became of the readings of one window.
 *
 * @param results how many there are: one for each key
 * @param summary what they say, of all keys together
 * @param late readings that came after it had been closed
 * @param open readings in it that no result has yet
 */
public record WindowRow(int results, Summary summary, long late, long open) {

    static final WindowRow NONE = new WindowRow(0, Summary.NONE, 0, 0);

    WindowRow plusResult(Summary result) {
        return new WindowRow(results + 1, summary.plus(result), late, open);
    }

    WindowRow plusLate() {
        return new WindowRow(results, summary, late + 1, open);
    }

    WindowRow plusOpen(long more) {
        return new WindowRow(results, summary, late, open + more);
    }
}
