@NullMarked
package dev.semel.windowing.aggregate;

import org.jspecify.annotations.NullMarked;
