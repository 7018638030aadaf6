/** Selected letters copied back to a topic, or given another state, exactly once. */
@NullMarked
package dev.semel.dlq.internal.copy;

import org.jspecify.annotations.NullMarked;
