/** Real Kafka brokers for tests, and guarantees as objects that observe what was produced and processed. */
@NullMarked
package dev.semel.testkit;

import org.jspecify.annotations.NullMarked;
