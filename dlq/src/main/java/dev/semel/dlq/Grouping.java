package dev.semel.dlq;

import dev.semel.core.failure.FailureClass;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Puts letters together by their fault. For one thread. */
final class Grouping {

    private final Map<Fault, LetterGroup> groups = new HashMap<>();

    private record Fault(FailureClass failureClass, String fingerprint) {}

    void add(Letter letter) {
        groups.merge(new Fault(letter.failureClass(), letter.fingerprint()), group(letter), Grouping::together);
    }

    List<LetterGroup> newestFirst() {
        return groups.values().stream()
                .sorted(Comparator.comparing(LetterGroup::firstSeen).reversed().thenComparing(LetterGroup::fingerprint))
                .toList();
    }

    private static LetterGroup group(Letter letter) {
        return new LetterGroup(
                letter.failureClass(),
                letter.fingerprint(),
                letter.exception(),
                letter.message(),
                1,
                letter.failedAt(),
                letter.failedAt(),
                letter.id());
    }

    private static LetterGroup together(LetterGroup group, LetterGroup more) {
        return new LetterGroup(
                group.failureClass(),
                group.fingerprint(),
                group.exception(),
                group.message(),
                group.count() + more.count(),
                earlier(group.firstSeen(), more.firstSeen()),
                earlier(group.lastSeen(), more.lastSeen()).equals(group.lastSeen())
                        ? more.lastSeen()
                        : group.lastSeen(),
                group.example());
    }

    private static Instant earlier(Instant a, Instant b) {
        return a.isAfter(b) ? b : a;
    }
}
