package dev.semel.examples.shop.event;

import java.util.List;
import java.util.regex.Pattern;

/** What holds for the values of all events, whoever wrote them. */
final class Rules {

    /** More than any order has; an event beyond it is a mistake. */
    private static final int MAX_ENTRIES = 10_000;

    /** Names become record keys and are shown on terminals: no control characters, no halves of characters. */
    private static final Pattern NAME = Pattern.compile("(?!\\s*$)[^\\p{Cc}\\p{Cs}]{1,100}");

    private Rules() {}

    static void name(String field, String value) {
        if (!NAME.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    field + " must be 1 to 100 characters, not all blank, without control characters");
        }
    }

    static void quantity(int quantity) {
        if (quantity < 1) {
            throw new IllegalArgumentException("quantity " + quantity + " must be at least 1");
        }
    }

    static void cents(long cents) {
        if (cents < 1) {
            throw new IllegalArgumentException("cents " + cents + " must be at least 1");
        }
    }

    static <T> List<T> entries(String field, List<T> entries) {
        if (entries.isEmpty() || entries.size() > MAX_ENTRIES) {
            throw new IllegalArgumentException(
                    field + " must have 1 to " + MAX_ENTRIES + " entries, has " + entries.size());
        }
        return List.copyOf(entries);
    }
}
