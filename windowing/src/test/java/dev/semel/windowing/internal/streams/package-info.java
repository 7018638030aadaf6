@NullMarked
package dev.semel.windowing.internal.streams;

import org.jspecify.annotations.NullMarked;
