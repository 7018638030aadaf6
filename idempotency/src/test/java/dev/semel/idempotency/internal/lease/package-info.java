@NullMarked
package dev.semel.idempotency.internal.lease;

import org.jspecify.annotations.NullMarked;
