/** The engine of event-time windows: plain Java, for one thread, with the time of day as an argument. */
@NullMarked
package dev.semel.windowing.engine;

import org.jspecify.annotations.NullMarked;
