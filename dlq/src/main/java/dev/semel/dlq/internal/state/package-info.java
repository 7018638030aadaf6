/** The states of letters, in a compacted topic beside theirs. */
@NullMarked
package dev.semel.dlq.internal.state;

import org.jspecify.annotations.NullMarked;
