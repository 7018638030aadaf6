/** Engines of windows alone, without Kafka: ours, those of others, and what one would write by hand. */
@NullMarked
package dev.semel.examples.benchmarks.engine;

import org.jspecify.annotations.NullMarked;
