/** Letters of our own groups that are kept: looked up in their owners' store, and redriven by those. */
@NullMarked
package dev.semel.dlq.internal.inplace;

import org.jspecify.annotations.NullMarked;
