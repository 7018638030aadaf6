package dev.semel.idempotency.lease;

import dev.semel.idempotency.jdbc.TestDatabase;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import javax.sql.DataSource;

/** Where leases can be kept: each in the same way. */
enum LeasePlace {
    POSTGRESQL {
        @Override
        Opened open() {
            return new InDatabase(TestDatabase.POSTGRESQL.create());
        }
    },

    H2 {
        @Override
        Opened open() {
            return new InDatabase(TestDatabase.H2.create());
        }
    },

    MEMORY {
        @Override
        Opened open() {
            return new InMemory();
        }
    };

    static final Duration RETENTION = Duration.ofDays(7);

    abstract Opened open() throws Exception;

    /** Leases of two instances of a service, and time that passes when it is told to. */
    interface Opened extends AutoCloseable {
        Leases one();

        Leases other();

        /** For leases, so much time passes. */
        void pass(Duration time);

        @Override
        void close();
    }

    private static final class InMemory implements Opened {

        private final MovedClock clock = new MovedClock();
        private final Leases leases = InMemoryLeases.retaining(RETENTION, clock);

        @Override
        public Leases one() {
            return leases;
        }

        @Override
        public Leases other() {
            return leases;
        }

        @Override
        public void pass(Duration time) {
            clock.now = clock.now.plus(time);
        }

        @Override
        public void close() {
            leases.close();
        }
    }

    private static final class MovedClock extends Clock {

        private volatile Instant now = Instant.parse("2026-11-21T12:00:00Z");

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }
    }

    /** The database's clock cannot be moved, so what it has stamped is. */
    private static final class InDatabase implements Opened {

        private final DataSource source;
        private final Leases one;
        private final Leases other;

        InDatabase(DataSource source) {
            this.source = source;
            one = JdbcLeasesTest.open(source);
            other = JdbcLeasesTest.open(source);
        }

        @Override
        public Leases one() {
            return one;
        }

        @Override
        public Leases other() {
            return other;
        }

        @Override
        public void pass(Duration time) {
            TestDatabase.execute(source, "UPDATE semel_lease SET until_ms = until_ms - " + time.toMillis());
        }

        @Override
        public void close() {
            one.close();
            other.close();
        }
    }
}
