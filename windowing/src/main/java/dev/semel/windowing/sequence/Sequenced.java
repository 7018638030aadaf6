package dev.semel.windowing.sequence;

import dev.semel.windowing.engine.Rejection;

/** What became of a record: exactly one of these. */
public sealed interface Sequenced {

    /** The same for every record that was taken, so that it costs nothing. */
    Taken TAKEN = new Taken();

    /** It has gone out, waits for a predecessor, or has gone to the gaps with what waited. */
    record Taken() implements Sequenced {}

    /**
     * Its number has had its turn, or is waiting already. Nothing has changed.
     *
     * @param expected the number whose turn it is; {@link Long#MAX_VALUE} also where all numbers there are have had their turn
     * @param isWaiting whether an event of this number waits
     */
    record Duplicate(long expected, boolean isWaiting) implements Sequenced {}

    /**
     * It was not taken at all.
     *
     * @param reason why
     */
    record Rejected(Rejection reason) implements Sequenced {}
}
