@NullMarked
package dev.semel.idempotency.jdbc;

import org.jspecify.annotations.NullMarked;
