/** Marks in the memory of one process. */
@NullMarked
package dev.semel.idempotency.internal.memory;

import org.jspecify.annotations.NullMarked;
