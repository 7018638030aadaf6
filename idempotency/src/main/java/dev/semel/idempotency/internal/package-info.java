/** What the stores have in common. */
@NullMarked
package dev.semel.idempotency.internal;

import org.jspecify.annotations.NullMarked;
