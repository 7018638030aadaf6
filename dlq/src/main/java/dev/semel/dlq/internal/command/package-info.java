/**
 * What operators have done about letters: commands to the owner of their source partition, and its answers.
 */
@NullMarked
package dev.semel.dlq.internal.command;

import org.jspecify.annotations.NullMarked;
