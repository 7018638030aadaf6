/**
 * Topics in which participants keep what they have to remember of source partitions: made, checked, and read back.
 */
@NullMarked
package dev.semel.core.participant.topics;

import org.jspecify.annotations.NullMarked;
