/** How many different things there are: counted exactly while they are few, and estimated beyond. It takes the library hash4j. */
@NullMarked
package dev.semel.windowing.distinct;

import org.jspecify.annotations.NullMarked;
