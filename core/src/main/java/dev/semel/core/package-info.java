/**
 * Exactly-once event processing on Kafka: {@link dev.semel.core.EventProcessor} and what its builder takes.
 *
 * <p>Events and how bytes become events are in {@link dev.semel.core.event}, failures and what becomes of them in
 * {@link dev.semel.core.failure}, the lifecycle in {@link dev.semel.core.health}, what joins the processor from outside in
 * {@link dev.semel.core.participant}.
 */
@NullMarked
package dev.semel.core;

import org.jspecify.annotations.NullMarked;
