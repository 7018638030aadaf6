/**
 * Events: what they carry, how bytes become events and results become bytes, and the handler that a user writes.
 */
@NullMarked
package dev.semel.core.event;

import org.jspecify.annotations.NullMarked;
