package dev.semel.testkit.internal;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Names of one test: readable, and used by no other test, run or machine that shares the cluster.
 *
 * @param tag what all its names end with
 */
public record TestNames(String tag) {

    private static final int LONGEST_SCOPE = 60;
    private static final int SUFFIXES = 36 * 36 * 36 * 36;

    /** Counts from a random start: distinct within this JVM, and unlikely to meet another run's. */
    private static final AtomicInteger next =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(SUFFIXES));

    /**
     * Names for a new scope.
     *
     * @param scope the test's name; what a topic's name cannot have becomes a hyphen
     * @return names that no other call gives
     */
    public static TestNames of(String scope) {
        String readable = scope.replaceAll("[^A-Za-z0-9-]+", "-");
        readable = readable.substring(0, Math.min(readable.length(), LONGEST_SCOPE));
        int suffix = Math.floorMod(next.getAndIncrement(), SUFFIXES);
        return new TestNames(
                readable + "-" + "%4s".formatted(Integer.toString(suffix, 36)).replace(' ', '0'));
    }

    /**
     * The name in this test.
     *
     * @param base what it names; the same base gives the same name
     * @return base and tag
     */
    public String name(String base) {
        return base + "-" + tag;
    }

    /**
     * Whether a topic or group is this test's, be it that its name has a prefix or an ending more than {@link #name}.
     *
     * @param name any name
     * @return true if it contains the tag
     */
    public boolean owns(String name) {
        return name.contains(tag);
    }
}
