@NullMarked
package dev.semel.idempotency.internal;

import org.jspecify.annotations.NullMarked;
