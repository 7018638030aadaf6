package dev.semel.testkit.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** What was found to be wrong: how often, and the first of it. For one thread at a time. */
public final class Findings {

    private static final int SHOWN = 20;

    private final List<String> first = new ArrayList<>();
    private long count;

    /** Nothing yet. */
    public Findings() {}

    /**
     * What was found so far, to add to.
     *
     * @param other is left as it is
     */
    public Findings(Findings other) {
        first.addAll(other.first);
        count = other.count;
    }

    /**
     * Adds one.
     *
     * @param what asked only where it will be shown
     */
    public void add(Supplier<String> what) {
        count++;
        if (first.size() < SHOWN) {
            first.add(what.get());
        }
    }

    /**
     * All in a text.
     *
     * @param title stands above it, with the number
     * @return empty if nothing was found
     */
    public Optional<String> describe(String title) {
        if (count == 0) {
            return Optional.empty();
        }
        StringBuilder text = new StringBuilder(title).append(": ").append(count);
        first.forEach(line -> text.append("\n  ").append(line));
        if (count > first.size()) {
            text.append("\n  ... and ").append(count - first.size()).append(" more");
        }
        return Optional.of(text.toString());
    }
}
