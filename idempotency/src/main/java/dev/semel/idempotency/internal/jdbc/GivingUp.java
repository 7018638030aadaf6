package dev.semel.idempotency.internal.jdbc;

import dev.semel.core.failure.EventRejectedException;
import dev.semel.core.participant.Verdict;
import dev.semel.idempotency.internal.database.Session;
import dev.semel.idempotency.internal.database.SqlFailure;
import java.sql.SQLException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the id of an event that is given up, in a transaction of its own: from then on no attempt that is late, of this owner or of an
 * earlier one, can commit the event's effect. One that is just committing is waited for, and wins.
 */
final class GivingUp {

    private static final Logger log = LoggerFactory.getLogger(GivingUp.class);

    private static final int TRIES = 5;

    private final Store store;

    GivingUp(Store store) {
        this.store = store;
    }

    /**
     * Gives an event up, unless it had its effect after all.
     *
     * @param released the offset before which everything of the record's partition is released
     */
    Verdict giveUp(Mark mark, Marks.GivenUp why, long released) throws Exception {
        try {
            return giveUpAsItIs(mark, why, released);
        } catch (SQLException e) {
            return switch (SqlFailure.of(e)) {
                case TIMEOUT -> TakenMarks.BUSY;
                case CONFLICT -> throw TakenMarks.lostRace("the mark of " + mark, e);
                case DATA -> throw e;
                case CONNECTION, OTHER -> throw store.outage().began(e);
            };
        }
    }

    /** In the end in ASCII: not each database can store all characters, and what it cannot store has to be given up all the same. */
    private Verdict giveUpAsItIs(Mark mark, Marks.GivenUp why, long released) throws Exception {
        try {
            return store.database().transact(session -> giveUp(session, mark, why, released));
        } catch (SQLException e) {
            if (SqlFailure.of(e) != SqlFailure.DATA) {
                throw e;
            }
            log.debug("{} is given up in ASCII: {}", mark, SqlFailure.told(e), e);
            return store.database().transact(session -> giveUp(session, mark.inAscii(), why.inAscii(), released));
        }
    }

    private Verdict giveUp(Session session, Mark mark, Marks.GivenUp why, long released) throws SQLException {
        for (int i = 0; i < TRIES; i++) {
            if (store.marks().insert(session, mark, why)) {
                return Verdict.PROCEED;
            }
            Optional<FoundMark> there = store.marks().find(session, mark);
            if (there.isPresent() && store.marks().isCopyOfLetter(session, mark, there.get())) {
                if (why.as().isKept()) {
                    // The event stays given up by its letter, until this copy is handed in or another is.
                    return Verdict.PROCEED;
                }
                // The next letter is this one's: what redrives it has to find its own mark.
                store.marks().takeBackGivenUp(session, there.get().position());
            } else if (there.isPresent()) {
                return beside(session, mark, there.get(), why, released);
            }
        }
        return TakenMarks.BUSY;
    }

    private Verdict beside(Session session, Mark mark, FoundMark there, Marks.GivenUp why, long released)
            throws SQLException {
        if (Judgement.isOwn(mark, there) && there.isGivenUp()) {
            store.marks().giveUpAgain(session, mark.position(), why);
            return Verdict.PROCEED;
        }
        try {
            return Judgement.of(mark, there, released);
        } catch (EventRejectedException e) {
            // It is given up for this: the mark is that of another event with the same id.
            return Verdict.PROCEED;
        }
    }
}
