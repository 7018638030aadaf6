/** Tests of counts of different things. */
@NullMarked
package dev.semel.windowing.distinct;

import org.jspecify.annotations.NullMarked;
