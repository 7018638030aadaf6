@NullMarked
package dev.semel.idempotency.streams;

import org.jspecify.annotations.NullMarked;
