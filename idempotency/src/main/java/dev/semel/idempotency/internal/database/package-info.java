/** The user's relational database: connections on loan, statements that are bounded, what its failures mean, its schema. */
@NullMarked
package dev.semel.idempotency.internal.database;

import org.jspecify.annotations.NullMarked;
