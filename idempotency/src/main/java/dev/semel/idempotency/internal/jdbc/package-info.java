/** The marks of events, and leases, in a relational database. */
@NullMarked
package dev.semel.idempotency.internal.jdbc;

import org.jspecify.annotations.NullMarked;
