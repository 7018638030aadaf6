package dev.semel.idempotency.internal.lease;

import dev.semel.core.failure.WaitException;
import org.jspecify.annotations.Nullable;

/** Rows by key, and the one clock that counts. Thread-safe. */
public interface LeaseTable {

    /**
     * What is to become of a key's row. Run again from the start where it has lost a race, so it has no effects but its result.
     *
     * @param <T> what comes of it
     */
    @FunctionalInterface
    interface Change<T> {

        /**
         * Decides. What it throws leaves the row as it is.
         *
         * @param row null where there is none
         * @param nowMs the table's clock, read when nobody else could change the row any more
         */
        Changed<T> of(@Nullable LeaseRow row, long nowMs);
    }

    /**
     * What has become of a row.
     *
     * @param <T> what comes of it
     * @param row null where it stays as it is
     */
    record Changed<T>(@Nullable LeaseRow row, T result) {}

    /**
     * Changes a key's row, while nobody else can.
     *
     * @throws WaitException where the table cannot be used now. The change may have come about
     */
    <T> T change(String key, Change<T> change);

    /**
     * Forgets some of the rows that have been as they are for longer than the retention.
     *
     * @return whether there may be more
     */
    boolean forget();
}
