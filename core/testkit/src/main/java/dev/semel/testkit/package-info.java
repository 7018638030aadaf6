/**
 * Real Kafka for tests: brokers, names that no other test uses, processes that die when told to.
 *
 * <ul>
 *   <li>{@link dev.semel.testkit.KafkaTest} gives a JUnit test a real broker and injects a {@link
 *       dev.semel.testkit.TestKafka}.
 *   <li>{@link dev.semel.testkit.BrokerProcess} runs a broker and {@link dev.semel.testkit.JavaProcess} any main class in
 *       a JVM of its own, so that {@code kill -9} can be tried. Neither needs JUnit.
 *   <li>{@link dev.semel.testkit.FaultInjection} stops or fails a Kafka client at a named step.
 *   <li>{@link dev.semel.testkit.Guarantees} holds {@link dev.semel.testkit.ExactlyOnceDelivery}, {@link
 *       dev.semel.testkit.PerKeyOrder} and {@link dev.semel.testkit.NothingSilent} against what some processing, whatever it is
 *       made with, has read and committed.
 * </ul>
 */
@NullMarked
package dev.semel.testkit;

import org.jspecify.annotations.NullMarked;
