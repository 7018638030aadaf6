@NullMarked
package dev.semel.idempotency.internal.judge;

import org.jspecify.annotations.NullMarked;
