/** The machinery of sources: their marks, the least of which is the watermark. */
@NullMarked
package dev.semel.windowing.internal.watermark;

import org.jspecify.annotations.NullMarked;
