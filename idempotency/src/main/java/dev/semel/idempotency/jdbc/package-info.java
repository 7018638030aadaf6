/** Idempotency in the database transaction of the handler's own effects. */
@NullMarked
package dev.semel.idempotency.jdbc;

import org.jspecify.annotations.NullMarked;
