/**
 * Which events had their effect: fingerprints of their identities, in memory and as bytes, with the times at which they are forgotten.
 * Knows nothing of Kafka.
 */
@NullMarked
package dev.semel.idempotency.internal.marks;

import org.jspecify.annotations.NullMarked;
