package dev.semel.examples.shop.balance;

import dev.semel.core.event.RecordPosition;
import dev.semel.examples.shop.balance.Ledger.Entry;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A topic that is fed from outside: each input lies there as it was sent, and nothing else does. */
final class InputsCheck {

    private final Map<RecordPosition, Entry<byte[]>> entries = new HashMap<>();
    private final Consumer<Difference> differences;

    InputsCheck(List<Entry<byte[]>> entries, Consumer<Difference> differences) {
        entries.forEach(entry -> this.entries.put(entry.position(), entry));
        this.differences = differences;
    }

    void check(List<Sent> sent) {
        for (Sent one : sent) {
            @Nullable Entry<byte[]> entry = entries.remove(one.position());
            if (entry == null) {
                differ(one.subject(), "a record there", "none");
            } else if (!Arrays.equals(entry.value(), one.input().value())
                    || !entry.id().equals(one.input().id())) {
                differ(
                        one.subject(),
                        "the record as it was sent, " + one.input().id(),
                        "another, " + entry.id());
            }
        }
        entries.values()
                .forEach(entry -> differ("record " + entry.position(), "nothing that was not sent", "" + entry.id()));
    }

    private void differ(String subject, String expected, String found) {
        differences.accept(new Difference(subject, expected, found));
    }
}
