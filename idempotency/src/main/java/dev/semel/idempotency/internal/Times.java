package dev.semel.idempotency.internal;

import dev.semel.core.failure.ConfigurationException;
import java.time.Duration;

/** What the builders of all that is kept in a database ask of the times that they are given. */
public final class Times {

    private static final Duration SHORTEST_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration LONGEST_TIMEOUT = Duration.ofHours(1);
    private static final Duration LONGEST = Duration.ofDays(1);

    private Times() {}

    /**
     * The timeout of a statement, which JDBC has in seconds.
     *
     * @param name of the setting
     * @throws ConfigurationException where it is not in whole seconds, or not from 1 s to 1 h
     */
    public static Duration timeout(String name, Duration time) {
        if (time.compareTo(SHORTEST_TIMEOUT) < 0 || time.compareTo(LONGEST_TIMEOUT) > 0 || time.getNano() != 0) {
            throw new ConfigurationException(name + " " + time + ": must be in whole seconds, from 1 s to 1 h");
        }
        return time;
    }

    /**
     * A time for which something is waited.
     *
     * @param name of the setting
     * @throws ConfigurationException where it is not positive, or more than a day
     */
    public static Duration upToADay(String name, Duration time) {
        if (time.isNegative() || time.isZero() || time.compareTo(LONGEST) > 0) {
            throw new ConfigurationException(name + " " + time + ": must be positive and at most a day");
        }
        return time;
    }
}
