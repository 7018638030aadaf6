/**
 * The second room: lanes on which records are decoded and handled, failures decided and outputs buffered.
 */
@NullMarked
package dev.semel.core.internal.handle;

import org.jspecify.annotations.NullMarked;
