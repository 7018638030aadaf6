/** The seam below the engine: where accumulators and control state are kept, on the heap or in a store that survives. */
@NullMarked
package dev.semel.windowing.state;

import org.jspecify.annotations.NullMarked;
