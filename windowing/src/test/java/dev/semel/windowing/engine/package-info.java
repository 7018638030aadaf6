@NullMarked
package dev.semel.windowing.engine;

import org.jspecify.annotations.NullMarked;
