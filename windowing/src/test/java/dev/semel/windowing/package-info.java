@NullMarked
package dev.semel.windowing;

import org.jspecify.annotations.NullMarked;
