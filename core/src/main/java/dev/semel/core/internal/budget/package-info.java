/**
 * The dead-letter budget: how many letters each partition has made in the present window, through restarts.
 *
 * <p>Pure counting: knows no Kafka client and no other room.
 */
@NullMarked
package dev.semel.core.internal.budget;

import org.jspecify.annotations.NullMarked;
