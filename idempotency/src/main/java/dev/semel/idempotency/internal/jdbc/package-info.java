/** The marks of events in a relational database, with what was sent for them. */
@NullMarked
package dev.semel.idempotency.internal.jdbc;

import org.jspecify.annotations.NullMarked;
