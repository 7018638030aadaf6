package dev.semel.dlq.internal.keep;

import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Collectors;

/** What is kept, in a few words. */
final class Counts {

    private static final int MOST = 3;

    private Counts() {}

    /** The most frequent kinds. */
    static String of(Collection<Entry> entries) {
        return entries.stream()
                .filter(Entry::isCommitted)
                .collect(Collectors.groupingBy(Counts::kind, Collectors.counting()))
                .entrySet()
                .stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder()))
                .limit(MOST)
                .map(count -> count.getValue() + " " + count.getKey())
                .collect(Collectors.joining(", "));
    }

    private static String kind(Entry entry) {
        KeptState state = entry.state();
        Fault fault = state.fault();
        return state.state() + (fault == null ? "" : " of " + fault.failureClass());
    }
}
