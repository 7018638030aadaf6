/** Leases with fencing tokens, for effects that join no transaction: a mail, a call of another service. */
@NullMarked
package dev.semel.idempotency.lease;

import org.jspecify.annotations.NullMarked;
