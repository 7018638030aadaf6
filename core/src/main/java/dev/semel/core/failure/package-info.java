/**
 * Failures: what went wrong, what is decided about it, and the dead letter that keeps what could not be handled.
 */
@NullMarked
package dev.semel.core.failure;

import org.jspecify.annotations.NullMarked;
