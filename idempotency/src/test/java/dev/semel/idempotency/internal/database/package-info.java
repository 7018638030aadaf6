@NullMarked
package dev.semel.idempotency.internal.database;

import org.jspecify.annotations.NullMarked;
