/**
 * Dead letters: kept, understood, and redriven in order, exactly once.
 */
@NullMarked
package dev.semel.dlq;

import org.jspecify.annotations.NullMarked;
