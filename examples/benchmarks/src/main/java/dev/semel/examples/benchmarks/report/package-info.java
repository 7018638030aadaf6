/** Measurements as tables and charts. */
@NullMarked
package dev.semel.examples.benchmarks.report;

import org.jspecify.annotations.NullMarked;
