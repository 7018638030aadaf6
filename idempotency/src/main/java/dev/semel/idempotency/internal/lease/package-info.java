/** The tables of leases, and what is done for leases in the background. Knows nothing of who asks. */
@NullMarked
package dev.semel.idempotency.internal.lease;

import org.jspecify.annotations.NullMarked;
