/**
 * The inventory service: what is in stock, decided by one handler for each product, kept in memory, restored from
 * Kafka.
 */
@NullMarked
package dev.semel.examples.shop.inventory;

import org.jspecify.annotations.NullMarked;
