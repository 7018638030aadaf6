package dev.semel.examples.telemetry.run;

import dev.semel.examples.telemetry.application.Status;
import java.util.Optional;

/**
 * How a run stands.
 *
 * @param seconds since its begin
 * @param sent lines
 * @param given lines that there are
 * @param status what the application says of itself; empty while it starts
 * @param books what is in the topics
 */
public record Frame(double seconds, long sent, long given, Optional<Status> status, Books books) {}
