/** Runs of contestants on a broker, and what was measured. */
@NullMarked
package dev.semel.examples.benchmarks.run;

import org.jspecify.annotations.NullMarked;
