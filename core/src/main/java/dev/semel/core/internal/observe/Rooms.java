package dev.semel.core.internal.observe;

import dev.semel.core.internal.commit.TransactionWriter;
import dev.semel.core.internal.handle.Decisions;
import dev.semel.core.internal.handle.Lanes;
import dev.semel.core.internal.poll.Sightings;
import dev.semel.core.internal.release.Release;

/** What is looked at of a processor; none of it but what any thread may call. */
public record Rooms(
        Sightings poll, Lanes lanes, Decisions decisions, Release release, TransactionWriter transactions) {}
