/** What is processed, and the check that it was: each record once, in the order of its key. */
@NullMarked
package dev.semel.examples.benchmarks.workload;

import org.jspecify.annotations.NullMarked;
