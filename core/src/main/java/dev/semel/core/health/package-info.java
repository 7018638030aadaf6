/**
 * How a processor is: its state, its probes, and the partitions that are held up.
 */
@NullMarked
package dev.semel.core.health;

import org.jspecify.annotations.NullMarked;
