@NullMarked
package dev.semel.idempotency.internal.streams;

import org.jspecify.annotations.NullMarked;
