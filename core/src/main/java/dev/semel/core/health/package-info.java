/**
 * The states in which a processor is.
 */
@NullMarked
package dev.semel.core.health;

import org.jspecify.annotations.NullMarked;
