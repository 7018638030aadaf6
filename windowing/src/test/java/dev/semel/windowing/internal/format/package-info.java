@NullMarked
package dev.semel.windowing.internal.format;

import org.jspecify.annotations.NullMarked;
