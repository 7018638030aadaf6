/** Exactly-once event processing on Kafka: the processor, and what its builder takes. */
@NullMarked
package dev.semel.core;

import org.jspecify.annotations.NullMarked;
