/**
 * The first room: the poll thread, the partitions that it owns, and the loop that moves everything on.
 *
 * <p>Knows the doors of the handle, release and commit rooms; none of them knows this one.
 */
@NullMarked
package dev.semel.core.internal.poll;

import org.jspecify.annotations.NullMarked;
