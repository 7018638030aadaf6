/** One event id has one effect: what keeps duplicates that a producer, a replay or a redrive makes from having one. */
@NullMarked
package dev.semel.idempotency;

import org.jspecify.annotations.NullMarked;
