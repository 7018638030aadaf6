package dev.semel.idempotency.internal.jdbc;

/** What all partitions of a processor share. */
record Store(Database database, Marks marks, Outage outage, EventNames names, ConnectionAtHand connections) {}
