/** Marks in a compacted topic, written in the processor's transactions and restored when a partition is assigned. */
@NullMarked
package dev.semel.idempotency.internal.kafka;

import org.jspecify.annotations.NullMarked;
