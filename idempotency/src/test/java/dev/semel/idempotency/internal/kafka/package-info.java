@NullMarked
package dev.semel.idempotency.internal.kafka;

import org.jspecify.annotations.NullMarked;
