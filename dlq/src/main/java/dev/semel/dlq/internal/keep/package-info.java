/**
 * Keeps the letters of a group's own, and what waits behind them, in compacted topics beside its sources, and hands them in again.
 */
@NullMarked
package dev.semel.dlq.internal.keep;

import org.jspecify.annotations.NullMarked;
