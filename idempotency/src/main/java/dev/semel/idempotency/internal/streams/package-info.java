/** The marks that a deduplication in Kafka Streams keeps: what is stored, for how long, and in which bytes. */
@NullMarked
package dev.semel.idempotency.internal.streams;

import org.jspecify.annotations.NullMarked;
