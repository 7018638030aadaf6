/**
 * Puts the events of a key in the order of their numbers: plain Java, without a clock and without threads.
 *
 * <p>Begin with {@link dev.semel.windowing.sequence.SequenceEngine}.
 */
@NullMarked
package dev.semel.windowing.sequence;

import org.jspecify.annotations.NullMarked;
