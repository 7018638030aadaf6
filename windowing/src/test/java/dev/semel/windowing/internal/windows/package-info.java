@NullMarked
package dev.semel.windowing.internal.windows;

import org.jspecify.annotations.NullMarked;
