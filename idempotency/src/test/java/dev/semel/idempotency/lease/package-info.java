@NullMarked
package dev.semel.idempotency.lease;

import org.jspecify.annotations.NullMarked;
