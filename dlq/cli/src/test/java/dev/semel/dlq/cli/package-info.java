/** The command run as users run it. */
package dev.semel.dlq.cli;
