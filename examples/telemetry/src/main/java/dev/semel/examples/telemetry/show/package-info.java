/** What a person sees: the table in the terminal, plain lines, the report and the chart. */
@NullMarked
package dev.semel.examples.telemetry.show;

import org.jspecify.annotations.NullMarked;
