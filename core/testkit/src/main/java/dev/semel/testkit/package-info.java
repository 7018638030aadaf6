/** Real Kafka for tests: brokers, and names that no other test uses. Start with {@link dev.semel.testkit.KafkaTest}. */
@NullMarked
package dev.semel.testkit;

import org.jspecify.annotations.NullMarked;
