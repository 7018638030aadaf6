/** Readers of where letters come from, one for each family of letters. */
@NullMarked
package dev.semel.dlq.internal.provenance;

import org.jspecify.annotations.NullMarked;
