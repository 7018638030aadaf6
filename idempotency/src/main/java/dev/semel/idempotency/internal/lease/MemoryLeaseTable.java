package dev.semel.idempotency.internal.lease;

import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Rows in the memory of this process. */
public final class MemoryLeaseTable implements LeaseTable {

    private final Clock clock;
    private final long retentionMs;
    private final Map<String, LeaseRow> rows = new HashMap<>();

    public MemoryLeaseTable(Clock clock, Duration retention) {
        this.clock = clock;
        this.retentionMs = retention.toMillis();
    }

    @Override
    public synchronized <T> T change(String key, Change<T> change) {
        Changed<T> changed = change.of(rows.get(key), clock.millis());
        LeaseRow row = changed.row();
        if (row != null) {
            rows.put(key, row);
        }
        return changed.result();
    }

    @Override
    public synchronized boolean forget() {
        long before = clock.millis() - retentionMs;
        rows.values().removeIf(row -> row.untilMs() < before);
        return false;
    }
}
