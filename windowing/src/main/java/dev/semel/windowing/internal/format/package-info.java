/** How control state is written: versioned, and read again or refused. */
@NullMarked
package dev.semel.windowing.internal.format;

import org.jspecify.annotations.NullMarked;
