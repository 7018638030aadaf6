package dev.semel.dlq;

import dev.semel.core.failure.ConfigurationException;
import dev.semel.core.failure.FailureClass;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Says which letters are meant. Immutable; {@code failure("timeout_exceeded").and(topic("orders")).and(key(bytes).not())}.
 *
 * <p>What is said of a letter is what its headers say: a letter without an origin is from no topic and no partition.
 */
public final class LetterFilter {

    private final Predicate<Letter> test;
    private final Set<LetterState> states;
    private final String description;

    private LetterFilter(Predicate<Letter> test, Set<LetterState> states, String description) {
        this.test = test;
        this.states = states;
        this.description = description;
    }

    private static LetterFilter of(String description, Predicate<Letter> test) {
        return new LetterFilter(test, EnumSet.noneOf(LetterState.class), description);
    }

    /** All letters. */
    public static LetterFilter all() {
        return of("all", letter -> true);
    }

    /**
     * Of a failure class.
     *
     * @throws ConfigurationException where no class can have this name
     */
    public static LetterFilter failure(String name) {
        return failure(new FailureClass(name));
    }

    /** Of a failure class. */
    public static LetterFilter failure(FailureClass failureClass) {
        Objects.requireNonNull(failureClass, "failureClass");
        return of("failure=" + failureClass, letter -> letter.failureClass().equals(failureClass));
    }

    /** Of a fault. */
    public static LetterFilter fingerprint(String fingerprint) {
        Objects.requireNonNull(fingerprint, "fingerprint");
        return of("fingerprint=" + fingerprint, letter -> letter.fingerprint().equals(fingerprint));
    }

    /** With an exception of this class, named with or without its package. */
    public static LetterFilter exception(String className) {
        Objects.requireNonNull(className, "className");
        return of(
                "exception=" + className,
                letter -> letter.exception() != null
                        && (letter.exception().equals(className)
                                || letter.exception().endsWith("." + className)));
    }

    /** That this consumer group, application or connector could not handle. */
    public static LetterFilter group(String group) {
        Objects.requireNonNull(group, "group");
        return of("group=" + group, letter -> group.equals(letter.group()));
    }

    /** From this source topic. */
    public static LetterFilter topic(String topic) {
        Objects.requireNonNull(topic, "topic");
        return of(
                "topic=" + topic,
                letter -> letter.origin() != null && letter.origin().topic().equals(topic));
    }

    /** From this partition of its source topic. */
    public static LetterFilter partition(int partition) {
        return of(
                "partition=" + partition,
                letter -> letter.origin() != null && letter.origin().partition() == partition);
    }

    /** With these bytes as the key in the letter. */
    public static LetterFilter key(byte[] key) {
        byte[] wanted = key.clone();
        return of("key", letter -> Arrays.equals(letter.key(), wanted));
    }

    /**
     * That failed in a span of time.
     *
     * @param from the first moment that counts
     * @param to the first that does not any more
     */
    public static LetterFilter failedBetween(Instant from, Instant to) {
        if (from.isAfter(to)) {
            throw new ConfigurationException("failedBetween(): " + from + " must not be after " + to);
        }
        return of(
                "failed=[" + from + "," + to + ")",
                letter -> !letter.failedAt().isBefore(from) && letter.failedAt().isBefore(to));
    }

    /**
     * In one of these states. A redrive takes {@link LetterState#PARKED} and {@link LetterState#QUARANTINED} letters only if its
     * filter names that state here.
     */
    public static LetterFilter state(LetterState... states) {
        if (states.length == 0) {
            throw new ConfigurationException("state(): name at least one state");
        }
        EnumSet<LetterState> wanted = EnumSet.copyOf(List.of(states));
        return new LetterFilter(letter -> wanted.contains(letter.state()), wanted, "state=" + wanted);
    }

    /** With one of these ids. */
    public static LetterFilter id(String... ids) {
        Set<String> wanted = Set.copyOf(List.of(ids));
        return of("id=" + wanted, letter -> wanted.contains(letter.id()));
    }

    /** Both. */
    public LetterFilter and(LetterFilter other) {
        var both = new HashSet<>(states);
        both.addAll(other.states);
        return new LetterFilter(
                test.and(other.test), Set.copyOf(both), "(" + description + " and " + other.description + ")");
    }

    /** One of them, or both. */
    public LetterFilter or(LetterFilter other) {
        var both = new HashSet<>(states);
        both.addAll(other.states);
        return new LetterFilter(
                test.or(other.test), Set.copyOf(both), "(" + description + " or " + other.description + ")");
    }

    /** All others. States that are named to be left out are not named to be taken. */
    public LetterFilter not() {
        return of("not " + description, test.negate());
    }

    /** Whether a letter is meant. */
    public boolean matches(Letter letter) {
        return test.test(letter);
    }

    /** Whether letters in this state are asked for by its name. */
    boolean names(LetterState state) {
        return states.contains(state);
    }

    @Override
    public String toString() {
        return description;
    }
}
