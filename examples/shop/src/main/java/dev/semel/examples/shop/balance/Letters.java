package dev.semel.examples.shop.balance;

import dev.semel.core.event.RecordPosition;
import dev.semel.core.failure.FailureClass;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The dead letters of one service, looked up by where they come from. What nobody has asked for at the end should not
 * be.
 */
final class Letters {

    private final Map<RecordPosition, List<Ledger.Letter>> byOrigin;
    private final Redrive redrive;
    private final Consumer<Difference> differences;

    Letters(List<Ledger.Letter> letters, Redrive redrive, Consumer<Difference> differences) {
        this.byOrigin = letters.stream()
                .collect(Collectors.groupingBy(Ledger.Letter::origin, HashMap::new, Collectors.toList()));
        this.redrive = redrive;
        this.differences = differences;
    }

    /** Its handler failed, and did not when it was handled again. */
    void expectRedriven(String subject, RecordPosition origin) {
        expectOne(subject, origin, FailureClass.HANDLER_EXCEPTION).ifPresent(letter -> {
            if (!redrive.redriven().contains(letter.id())) {
                differ(subject, "letter " + letter.id() + " redriven", fate(letter));
            }
        });
    }

    /** It can be read no more easily than before. */
    void expectDiscarded(String subject, RecordPosition origin, FailureClass failureClass) {
        expectOne(subject, origin, failureClass).ifPresent(letter -> {
            if (!Redrive.UNREADABLE.equals(redrive.discarded().get(letter.id()))) {
                differ(subject, "letter " + letter.id() + " discarded, since " + Redrive.UNREADABLE, fate(letter));
            }
        });
    }

    private String fate(Ledger.Letter letter) {
        if (redrive.redriven().contains(letter.id())) {
            return "it was redriven";
        }
        @Nullable String reason = redrive.discarded().get(letter.id());
        return reason == null ? "it was neither redriven nor discarded" : "it was discarded, since " + reason;
    }

    private Optional<Ledger.Letter> expectOne(String subject, RecordPosition origin, FailureClass failureClass) {
        List<Ledger.Letter> found = take(origin);
        if (found.size() != 1 || !found.get(0).failureClass().equals(failureClass)) {
            differ(subject, "one dead letter of class " + failureClass, shown(found));
            return Optional.empty();
        }
        return Optional.of(found.get(0));
    }

    void expectNone(String subject, RecordPosition origin) {
        List<Ledger.Letter> found = take(origin);
        if (!found.isEmpty()) {
            differ(subject, "no dead letter", shown(found));
        }
    }

    void expectNoMore() {
        byOrigin.values().stream()
                .flatMap(List::stream)
                .sorted(Comparator.comparing(letter -> letter.position().toString()))
                .forEach(letter -> differ(
                        "dead letter " + letter.position(),
                        "the position of a record that was sent",
                        "" + letter.origin()));
    }

    private void differ(String subject, String expected, String found) {
        differences.accept(new Difference(subject, expected, found));
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
