/**
 * What is checked before a processor joins its group.
 */
@NullMarked
package dev.semel.core.internal.start;

import org.jspecify.annotations.NullMarked;
