/** Letters of Kafka Streams topologies: what is in them, and where none can be written. */
@NullMarked
package dev.semel.dlq.internal.streams;

import org.jspecify.annotations.NullMarked;
