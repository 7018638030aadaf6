@NullMarked
package dev.semel.idempotency.internal.marks;

import org.jspecify.annotations.NullMarked;
