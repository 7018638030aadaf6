package dev.semel.examples.shop.mail;

import dev.semel.examples.shop.service.Chance;
import java.time.Duration;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** How a mail server falls short, now and then. What it does to a mail follows from a seed and the mail's key alone. */
public final class MailTroubles {

    private static final int REFUSED_PERCENT = 5;
    private static final int MOST_REFUSALS = 2;
    private static final int SLOW_PERCENT = 5;
    private static final int SLOW_MILLIS = 100;
    private static final int SLOWEST_MILLIS = 400;

    private final @Nullable Long seed;

    private MailTroubles(@Nullable Long seed) {
        this.seed = seed;
    }

    public static MailTroubles none() {
        return new MailTroubles(null);
    }

    public static MailTroubles seeded(long seed) {
        return new MailTroubles(seed);
    }

    /** How many requests for this mail are refused before one is taken. */
    int refusals(String key) {
        if (seed == null) {
            return 0;
        }
        Random random = Chance.of(seed, "refused " + key);
        return random.nextInt(100) < REFUSED_PERCENT ? 1 + random.nextInt(MOST_REFUSALS) : 0;
    }

    /** How long each answer to a request for this mail takes. */
    Duration delay(String key) {
        if (seed == null) {
            return Duration.ZERO;
        }
        Random random = Chance.of(seed, "slow " + key);
        return random.nextInt(100) < SLOW_PERCENT
                ? Duration.ofMillis(SLOW_MILLIS + random.nextInt(SLOWEST_MILLIS - SLOW_MILLIS))
                : Duration.ZERO;
    }
}
