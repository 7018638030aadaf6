/** Dead letters for Kafka Streams topologies, written in the transaction of the task. Needs the optional dependency kafka-streams. */
@NullMarked
package dev.semel.dlq.streams;

import org.jspecify.annotations.NullMarked;
