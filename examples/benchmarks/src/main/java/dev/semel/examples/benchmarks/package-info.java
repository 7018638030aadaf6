/** The program that measures: its commands and what they write. */
@NullMarked
package dev.semel.examples.benchmarks;

import org.jspecify.annotations.NullMarked;
