/** Deduplication for topologies of Kafka Streams; needs {@code kafka-streams} on the class path. */
@NullMarked
package dev.semel.idempotency.streams;

import org.jspecify.annotations.NullMarked;
