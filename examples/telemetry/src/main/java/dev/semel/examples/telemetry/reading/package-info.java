/** Readings, and how a line of text is read as one. */
@NullMarked
package dev.semel.examples.telemetry.reading;

import org.jspecify.annotations.NullMarked;
