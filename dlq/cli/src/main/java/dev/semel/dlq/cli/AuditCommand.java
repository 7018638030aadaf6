package dev.semel.dlq.cli;

import dev.semel.dlq.DeadLetterReprocessor;
import dev.semel.dlq.LetterState;
import dev.semel.dlq.StateChange;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code semel-dlq audit}. */
@Command(
        name = "audit",
        header = "Tells who did what.",
        description = {
            "",
            "Tells who did what: each redrive, parking and discarding with how many letters it brought into which state, the"
                    + " last one first; with --id, what was done about one letter. Of a letter that its group keeps, the last change"
                    + " is told, also where the group made it by itself, until its end is forgotten (7 days, unless the group's"
                    + " settings say otherwise). Of others the topic of states tells: the last change for good, and earlier ones"
                    + " for a while.",
            ""
        })
final class AuditCommand extends LetterCommand {

    private static final int WIDTH = 100;

    /** Of letters that failed too often each may have one of its own. */
    private static final int REASONS = 20;

    @Option(names = "--id", paramLabel = "ID", description = "what was done about this letter")
    private @Nullable String id;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            converter = Moments.class,
            description = "then or later: 2026-11-21T03:00:00Z, or how long ago: 2h")
    private Instant since = Instant.MIN;

    @Option(names = "--until", paramLabel = "TIME", converter = Moments.class, description = "before then")
    private Instant until = Instant.MAX;

    @Override
    int run(DeadLetterReprocessor letters) {
        return id == null ? runs(letters) : changes(letters, id);
    }

    private boolean isMeant(StateChange change) {
        return !change.at().isBefore(since) && change.at().isBefore(until);
    }

    private int changes(DeadLetterReprocessor letters, String wanted) {
        List<StateChange> changes = new ArrayList<>();
        letters.changes((letter, change) -> {
            if (letter.equals(wanted) && isMeant(change)) {
                changes.add(change);
            }
        });
        var table = new Table(terminal().out(), "AT", "ACTOR", "STATE", "RUN", "TARGET", "REASON");
        for (StateChange change : changes) {
            if (isJson()) {
                Json.print(terminal().out(), Json.change(change));
            } else {
                table.row(
                        Plain.time(change.at()),
                        Plain.line(change.actor(), WIDTH),
                        change.state(),
                        change.redriveId(),
                        Plain.line(change.target(), WIDTH),
                        Plain.line(change.reason(), WIDTH));
            }
        }
        table.flush();
        if (changes.isEmpty()) {
            say("Nothing was done about letter " + wanted + ".");
        }
        return ExitCode.DONE;
    }

    private int runs(DeadLetterReprocessor letters) {
        Map<List<String>, Deed> deeds = new HashMap<>();
        letters.changes((letter, change) -> {
            if (isMeant(change)) {
                // Groups that do something by themselves have no name for it.
                deeds.computeIfAbsent(List.of(change.redriveId(), change.actor()), unknown -> new Deed(change))
                        .add(change);
            }
        });
        var table = new Table(terminal().out(), "AT", "ACTOR", "LETTERS", "RUN", "TARGET", "REASON");
        deeds.values().stream()
                .sorted(Comparator.comparing(Deed::first).reversed())
                .forEach(deed -> {
                    if (isJson()) {
                        Json.print(terminal().out(), deed.json());
                    } else {
                        deed.row(table);
                    }
                });
        table.flush();
        if (deeds.isEmpty()) {
            say("Nothing was done about the letters in " + connection().topic() + ".");
        }
        return ExitCode.DONE;
    }

    /** What one run did. */
    private static final class Deed {

        private final StateChange example;
        private final Map<LetterState, Long> letters = new EnumMap<>(LetterState.class);
        private final TreeSet<String> targets = new TreeSet<>();
        private final TreeSet<String> reasons = new TreeSet<>();
        private Instant first;
        private Instant last;

        Deed(StateChange example) {
            this.example = example;
            this.first = example.at();
            this.last = example.at();
        }

        void add(StateChange change) {
            letters.merge(change.state(), 1L, Long::sum);
            first = change.at().isBefore(first) ? change.at() : first;
            last = change.at().isAfter(last) ? change.at() : last;
            if (change.target() != null) {
                targets.add(change.target());
            }
            // Of a letter that failed again it is the failure, which has data in it and belongs to the letter.
            if (change.reason() != null && change.state() != LetterState.OPEN && reasons.size() < REASONS) {
                reasons.add(change.reason());
            }
        }

        Instant first() {
            return first;
        }

        void row(Table table) {
            table.row(
                    Plain.time(first),
                    Plain.line(example.actor(), WIDTH),
                    letters.entrySet().stream()
                            .map(entry -> String.format(
                                    Locale.ROOT,
                                    "%,d %s",
                                    entry.getValue(),
                                    entry.getKey() == LetterState.OPEN ? "failed again" : entry.getKey()))
                            .collect(Collectors.joining(", ")),
                    example.redriveId(),
                    Plain.line(String.join(", ", targets), WIDTH),
                    Plain.line(String.join("; ", reasons), WIDTH));
        }

        Map<String, @Nullable Object> json() {
            Map<String, @Nullable Object> object = new LinkedHashMap<>();
            object.put("redriveId", example.redriveId());
            object.put("actor", example.actor());
            object.put("first", first.toString());
            object.put("last", last.toString());
            object.put("letters", letters);
            object.put("targets", targets);
            object.put("reasons", reasons);
            return object;
        }
    }
}
