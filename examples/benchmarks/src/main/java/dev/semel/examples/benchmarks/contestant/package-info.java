/** Ways to process the workload, each set up as its own documentation advises, and the process in which one runs. */
@NullMarked
package dev.semel.examples.benchmarks.contestant;

import org.jspecify.annotations.NullMarked;
