package dev.semel.dlq.cli;

import dev.semel.dlq.LetterGroup;
import dev.semel.dlq.LetterSelection;
import dev.semel.dlq.RedrivePlan;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a command would do, to be shown before it is done.
 *
 * @param letterTopic where the letters are
 * @param deed what would be done to each: "handled in place", "copied", "parked"
 * @param selected how many letters match
 * @param toChange to how many it would be done
 * @param groups of which faults those are
 * @param keepers how many of them are kept, by the group whose owners are asked
 * @param plan where copies would go, for a redrive
 */
record Intent(
        String letterTopic,
        String deed,
        long selected,
        long toChange,
        List<LetterGroup> groups,
        Map<String, Long> keepers,
        @Nullable RedrivePlan plan) {

    static Intent toRedrive(String letterTopic, LetterSelection selection) {
        RedrivePlan plan = selection.plan();
        return new Intent(
                letterTopic, deed(plan), plan.selected(), plan.toMove(), selection.groups(), plan.inPlace(), plan);
    }

    static Intent toChange(String letterTopic, String deed, LetterSelection selection) {
        List<LetterGroup> groups = selection.groups();
        long count = groups.stream().mapToLong(LetterGroup::count).sum();
        return new Intent(letterTopic, deed, selection.size(), count, groups, selection.keepers(), null);
    }

    private static String deed(RedrivePlan plan) {
        if (plan.inPlace().isEmpty()) {
            return plan.targets().isEmpty() ? "redriven" : "copied";
        }
        return plan.targets().isEmpty() ? "handled in place" : "redriven";
    }

    /** How many would be handled by their own groups. */
    long inPlace() {
        return keepers.values().stream().mapToLong(Long::longValue).sum();
    }

    Map<String, @Nullable Object> json() {
        if (plan != null) {
            return Json.plan(plan, groups);
        }
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("selected", selected);
        object.put("toChange", toChange);
        object.put("inPlace", new TreeMap<>(keepers));
        object.put("groups", groups.stream().map(Json::group).toList());
        return object;
    }

    void print(PrintStream out) {
        out.printf(
                Locale.ROOT,
                "%,d of %s selected in %s would be %s.%n",
                toChange,
                Plain.count(selected, "letter"),
                letterTopic,
                deed);
        if (plan != null) {
            print(out, plan);
        } else {
            new TreeMap<>(keepers)
                    .forEach((group, count) -> out.printf(
                            Locale.ROOT, "  by group %s, which keeps them: %,d%n", Plain.text(group), count));
            if (selected > toChange) {
                out.printf(
                        Locale.ROOT,
                        "  left as they are: %,d, which are done with, or in a state that --state does not name%n",
                        selected - toChange);
            }
        }
        if (!groups.isEmpty()) {
            GroupsCommand.print(out, groups);
        }
    }

    private static void print(PrintStream out, RedrivePlan plan) {
        new TreeMap<>(plan.inPlace())
                .forEach((group, count) -> out.printf(
                        Locale.ROOT,
                        "  in place by group %s: %,d; no other group sees them%n",
                        Plain.text(group),
                        count));
        new TreeMap<>(plan.targets())
                .forEach((topic, count) -> out.printf(
                        Locale.ROOT, "  to %s: %,d; every group that reads it sees them%n", Plain.text(topic), count));
        if (plan.toMove() > 0) {
            out.printf("  of %s, each in the order of its original offsets%n", Plain.count(plan.keys(), "key"));
        }
        if (plan.waiting() > 0) {
            out.printf(Locale.ROOT, "  behind them wait, and go on by themselves: %,d records%n", plan.waiting());
        }
        if (plan.overtaken() > 0) {
            out.printf(
                    "  of %s an earlier letter is left as it is: copies go before it%n",
                    Plain.count(plan.overtaken(), "key"));
        }
        if (plan.reordered() > 0) {
            out.printf(Locale.ROOT, "  before letters that arrived earlier, for that order: %,d%n", plan.reordered());
        }
        if (plan.toFetch() > 0) {
            out.printf(
                    Locale.ROOT,
                    "  read from where they came, since the letter has not all of them: %,d%n",
                    plan.toFetch());
        }
        if (plan.duplicate() > 0) {
            out.printf(Locale.ROOT, "  handled or copied before, and not again: %,d%n", plan.duplicate());
        }
        Json.skipped(plan.skipped())
                .forEach((reason, count) ->
                        out.printf(Locale.ROOT, "  left as they are: %,d: %s%n", count, Plain.text(reason)));
        if (!plan.lost().isEmpty()) {
            out.printf(
                    Locale.ROOT,
                    "  deleted by retention before anything was done: %,d; lost names them%n",
                    plan.lost().size());
        }
    }
}
