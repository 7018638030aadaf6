/** The machinery of aligned windows: where an event belongs, and which windows are open. */
@NullMarked
package dev.semel.windowing.internal.windows;

import org.jspecify.annotations.NullMarked;
