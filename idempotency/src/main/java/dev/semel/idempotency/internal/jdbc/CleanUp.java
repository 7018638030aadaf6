package dev.semel.idempotency.internal.jdbc;

import dev.semel.idempotency.internal.database.Database;
import java.util.function.BooleanSupplier;

/** What is done for a partition now and then. For one thread. */
final class CleanUp {

    private final Database database;
    private final Expiry expiry;
    private final LostMarks lostMarks;
    private final BooleanSupplier goesOn;

    /** @param goesOn whether there is still time for more */
    CleanUp(Database database, Expiry expiry, LostMarks lostMarks, BooleanSupplier goesOn) {
        this.database = database;
        this.expiry = expiry;
        this.lostMarks = lostMarks;
        this.goesOn = goesOn;
    }

    /** Returns how many marks were deleted. */
    long run(int partition, PartitionRestore.Result restored, long released, long recordTimeMs) throws Exception {
        if (restored.released() < restored.committed()) {
            // An attempt of an earlier owner may have committed since the restore, at a position that comes no more.
            database.transact(session -> {
                lostMarks.loseSkipped(
                        session, restored.topicId(), partition, restored.released(), restored.committed());
                return true;
            });
        }
        return expiry.run(restored.topicId(), partition, released, recordTimeMs, goesOn);
    }
}
