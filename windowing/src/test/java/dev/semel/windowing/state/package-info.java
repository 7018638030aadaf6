@NullMarked
package dev.semel.windowing.state;

import org.jspecify.annotations.NullMarked;
