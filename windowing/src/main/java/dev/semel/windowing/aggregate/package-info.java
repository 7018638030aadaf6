/** What windows compute: an accumulator to begin with, and how a value is folded into it. */
@NullMarked
package dev.semel.windowing.aggregate;

import org.jspecify.annotations.NullMarked;
