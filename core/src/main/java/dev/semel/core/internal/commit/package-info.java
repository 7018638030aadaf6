/**
 * The last room: the transactional producer, and what to make of each error that Kafka's clients throw.
 */
@NullMarked
package dev.semel.core.internal.commit;

import org.jspecify.annotations.NullMarked;
