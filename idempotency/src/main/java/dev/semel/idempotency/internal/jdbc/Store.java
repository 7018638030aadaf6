package dev.semel.idempotency.internal.jdbc;

import dev.semel.idempotency.internal.Identifier;
import dev.semel.idempotency.internal.database.Database;
import java.time.InstantSource;

/** What all partitions of a processor share. */
record Store(
        Database database,
        Marks marks,
        Outage outage,
        Identifier identifier,
        boolean comparesPayloads,
        ConnectionAtHand connections,
        InstantSource clock) {}
