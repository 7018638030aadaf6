/** Letters read from their topic. */
@NullMarked
package dev.semel.dlq.internal.letters;

import org.jspecify.annotations.NullMarked;
