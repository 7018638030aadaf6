/** The command line {@code semel-dlq}: dead letters looked at and redriven from a terminal or a script. */
@NullMarked
package dev.semel.dlq.cli;

import org.jspecify.annotations.NullMarked;
