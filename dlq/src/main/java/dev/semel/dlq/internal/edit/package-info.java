/** Edited letters, and what their ids are. */
@NullMarked
package dev.semel.dlq.internal.edit;

import org.jspecify.annotations.NullMarked;
