package dev.semel.idempotency.internal;

import dev.semel.core.failure.ConfigurationException;
import dev.semel.core.failure.StartupException;
import dev.semel.core.participant.Participation;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * For how long events are remembered, held against all that makes duplicates: one that comes later has its effect again.
 *
 * @param duration by each of the clocks that have to pass it; from 1 s to 100 years
 * @param redriven within what time dead letters are redriven; null where only their topic's retention says so
 * @param redelivered within what time producers may send an event again; null where nothing is said
 * @param replayed within what time events may be replayed; null where nothing is said
 */
public record Retention(
        Duration duration,
        @Nullable Duration redriven,
        @Nullable Duration redelivered,
        @Nullable Duration replayed) {

    /** How long a topic without a limit keeps its records. */
    public static final Duration FOREVER = Duration.ofSeconds(Long.MAX_VALUE);

    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofDays(36_525);

    /** @throws ConfigurationException where one of them cannot be */
    public Retention {
        if (duration.compareTo(SHORTEST) < 0 || duration.compareTo(LONGEST) > 0) {
            throw new ConfigurationException(
                    "retaining " + duration + ": must be from 1 s to " + LONGEST.toDays() + " days");
        }
        positive("deadLettersRedrivenWithin", redriven);
        positive("redeliveredWithin", redelivered);
        positive("replayedWithin", replayed);
    }

    private static void positive(String name, @Nullable Duration time) {
        if (time != null && (time.isNegative() || time.isZero())) {
            throw new ConfigurationException(name + " " + time + ": must be positive");
        }
    }

    /** Whether {@link #check} needs to know for how long the dead-letter topic keeps letters. */
    public boolean needsLetterTopic(Participation processor) {
        return redriven == null && processor.deadLetterTopic().isPresent();
    }

    /**
     * Refuses a retention that is too short for what the settings allow.
     *
     * @param letterTopic for how long the dead-letter topic keeps letters; {@link #FOREVER} where it has no limit, empty where that
     *     could not be read. Looked at only where it is {@linkplain #needsLetterTopic needed}
     * @throws StartupException where it is too short, saying for what
     */
    public void check(Participation processor, Optional<Duration> letterTopic) {
        covers(
                processor.longestHandover(),
                "a record may come to its next owner",
                "shorten the timeouts of the processor");
        if (redelivered != null) {
            covers(redelivered, "producers may send an event again (redeliveredWithin)", "shorten that");
        }
        if (replayed != null) {
            covers(replayed, "events may be replayed (replayedWithin)", "shorten that");
        }
        if (redriven != null) {
            covers(redriven, "dead letters may be redriven (deadLettersRedrivenWithin)", "shorten that");
        } else {
            processor.deadLetterTopic().ifPresent(topic -> checkLetters(topic, letterTopic));
        }
    }

    private void checkLetters(String topic, Optional<Duration> kept) {
        if (kept.isEmpty() || kept.get().equals(FOREVER)) {
            throw new StartupException(
                    "dead-letter topic " + topic
                            + (kept.isEmpty()
                                    ? " does not tell for how long it keeps letters"
                                    : " keeps letters for ever")
                            + ", and events are remembered for " + duration
                            + ": one whose letter is redriven later could have its effect twice; say with"
                            + " deadLettersRedrivenWithin() within what time letters are redriven",
                    null);
        }
        covers(
                kept.get(),
                "dead letters may be redriven from topic " + topic + " (its retention.ms)",
                "say with deadLettersRedrivenWithin() within what time they are redriven");
    }

    private void covers(Duration time, String what, String otherwise) {
        if (duration.compareTo(time) < 0) {
            throw new StartupException(
                    "events are remembered for " + duration + ", but " + what + " within " + time
                            + ", and would have its effect twice: retain them for at least " + time + ", or "
                            + otherwise,
                    null);
        }
    }
}
