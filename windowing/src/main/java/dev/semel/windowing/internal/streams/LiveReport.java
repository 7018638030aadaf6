package dev.semel.windowing.internal.streams;

import dev.semel.windowing.engine.Accounts;
import dev.semel.windowing.engine.Wedge;
import org.jspecify.annotations.Nullable;

/**
 * What a running task says of itself, at each tick.
 *
 * @param wedge the source that holds windows open; null if none does
 */
public record LiveReport(Accounts accounts, @Nullable Wedge wedge) {}
