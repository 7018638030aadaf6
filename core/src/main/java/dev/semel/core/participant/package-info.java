/**
 * The door for what joins a processor from outside.
 */
@NullMarked
package dev.semel.core.participant;

import org.jspecify.annotations.NullMarked;
