/** An example: three sources whose clocks and delays differ, windows that wait for the slowest, and books that balance. */
@NullMarked
package dev.semel.examples.telemetry;

import org.jspecify.annotations.NullMarked;
