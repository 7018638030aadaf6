/**
 * The third room: the order of each partition. Completed records leave it as closed prefixes into transactions.
 */
@NullMarked
package dev.semel.core.internal.release;

import org.jspecify.annotations.NullMarked;
