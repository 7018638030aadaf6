@NullMarked
package dev.semel.windowing.watermark;

import org.jspecify.annotations.NullMarked;
