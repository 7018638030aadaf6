package dev.semel.examples.shop.balance;

import dev.semel.core.event.RecordPosition;
import dev.semel.core.failure.FailureClass;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The dead letters of one service, looked up by where they come from. What nobody has asked for at the end should not
 * be.
 */
final class Letters {

    private final Map<RecordPosition, List<Ledger.Letter>> byOrigin;
    private final Consumer<Difference> differences;

    Letters(List<Ledger.Letter> letters, Consumer<Difference> differences) {
        this.byOrigin = letters.stream()
                .collect(Collectors.groupingBy(Ledger.Letter::origin, HashMap::new, Collectors.toList()));
        this.differences = differences;
    }

    void expectOne(String subject, RecordPosition origin, FailureClass failureClass) {
        List<Ledger.Letter> found = take(origin);
        if (found.size() != 1 || !found.get(0).failureClass().equals(failureClass)) {
            differences.accept(new Difference(subject, "one dead letter of class " + failureClass, shown(found)));
        }
    }

    void expectNone(String subject, RecordPosition origin) {
        List<Ledger.Letter> found = take(origin);
        if (!found.isEmpty()) {
            differences.accept(new Difference(subject, "no dead letter", shown(found)));
        }
    }

    void expectNoMore() {
        byOrigin.values().stream()
                .flatMap(List::stream)
                .sorted(Comparator.comparing(letter -> letter.position().toString()))
                .forEach(letter -> differences.accept(new Difference(
                        "dead letter " + letter.position(),
                        "the position of a record that was sent",
                        "" + letter.origin())));
    }

    private List<Ledger.Letter> take(RecordPosition origin) {
        List<Ledger.Letter> found = byOrigin.remove(origin);
        return found == null ? List.of() : found;
    }

    private static String shown(List<Ledger.Letter> letters) {
        return letters.isEmpty()
                ? "none"
                : letters.stream()
                        .map(letter -> letter.failureClass() + " at " + letter.position())
                        .collect(Collectors.joining(", "));
    }
}
