/** Arithmetic on event time that does not wrap. */
@NullMarked
package dev.semel.windowing.internal.time;

import org.jspecify.annotations.NullMarked;
