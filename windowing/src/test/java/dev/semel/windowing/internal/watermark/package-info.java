@NullMarked
package dev.semel.windowing.internal.watermark;

import org.jspecify.annotations.NullMarked;
