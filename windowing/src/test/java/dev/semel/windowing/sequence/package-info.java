@NullMarked
package dev.semel.windowing.sequence;

import org.jspecify.annotations.NullMarked;
