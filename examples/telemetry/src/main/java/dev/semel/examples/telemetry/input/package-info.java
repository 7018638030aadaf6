/** Where lines come from: the incident's sources, or a file. */
@NullMarked
package dev.semel.examples.telemetry.input;

import org.jspecify.annotations.NullMarked;
