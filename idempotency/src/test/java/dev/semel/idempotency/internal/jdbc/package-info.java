@NullMarked
package dev.semel.idempotency.internal.jdbc;

import org.jspecify.annotations.NullMarked;
