package dev.semel.idempotency.internal.jdbc;

import dev.semel.idempotency.internal.Retention;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a user has chosen.
 *
 * @param retention for how long marks are kept at least
 * @param releasedTopic the topic that says how far partitions are released; null for the usual name
 * @param cleanUpInterval between one deletion of old marks and the next
 * @param probeInterval between one look at a database that is away and the next
 */
public record JdbcStoreSettings(
        Retention retention, @Nullable String releasedTopic, Duration cleanUpInterval, Duration probeInterval) {}
