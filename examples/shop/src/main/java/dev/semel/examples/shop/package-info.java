/**
 * A shop in which orders flow through real Kafka exactly once: {@link dev.semel.examples.shop.Shop} is its command.
 */
@NullMarked
package dev.semel.examples.shop;

import org.jspecify.annotations.NullMarked;
