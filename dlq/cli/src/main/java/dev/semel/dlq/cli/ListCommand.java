package dev.semel.dlq.cli;

import dev.semel.dlq.DeadLetterReprocessor;
import dev.semel.dlq.Letter;
import dev.semel.dlq.LetterFilter;
import dev.semel.dlq.LetterState;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code semel-dlq list}. */
@Command(
        name = "list",
        header = "Lists letters.",
        description = {
            "",
            "Lists letters, partition by partition, in the order in which they came: those about which something is still to"
                    + " be done, unless --state says otherwise. Reads in bounded memory, however many there are. Records that"
                    + " wait behind a letter of their key, or came too early, and never failed are no letters, and not in the"
                    + " topic: plan says how many wait.",
            ""
        })
final class ListCommand extends LetterCommand {

    private static final int USUAL_LIMIT = 50;
    private static final int CHECK_EVERY = 1_000;
    private static final int WIDTH = 100;

    @Mixin
    private Filters filters = new Filters();

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "at most so many; 0 for all (default: 50; with --json: all)")
    private @Nullable Integer limit;

    @Override
    void check() {
        filters.filter();
        if (limit != null && limit < 0) {
            throw wrong("--limit " + limit + " must be 0, for all, or more");
        }
    }

    @Override
    int run(DeadLetterReprocessor letters) {
        var listing = new Listing(filters.filterOfUnfinished());
        letters.listWhile(LetterFilter.all(), listing::take);
        listing.table.flush();
        say(listing.ending());
        return ExitCode.DONE;
    }

    private int most() {
        int most = limit == null ? isJson() ? 0 : USUAL_LIMIT : limit;
        return most == 0 ? Integer.MAX_VALUE : most;
    }

    /** Goes through all letters, so that it can tell that none matched from that there were none. */
    private final class Listing {

        private final LetterFilter filter;
        private final Table table = new Table(
                terminal().out(), "FAILED AT", "STATE", "FAILURE", "FINGERPRINT", "KEY", "LETTER", "EXCEPTION");
        private long read;
        private long shown;
        private boolean hasMore;

        Listing(LetterFilter filter) {
            this.filter = filter;
        }

        boolean take(Letter letter) {
            read++;
            if (!filter.matches(letter)) {
                return true;
            }
            if (shown == most()) {
                hasMore = true;
                return false;
            }
            shown++;
            print(letter);
            // Nobody reads on behind "| head".
            return shown % CHECK_EVERY != 0 || !terminal().out().checkError();
        }

        private void print(Letter letter) {
            if (isJson()) {
                Json.print(terminal().out(), Json.letter(letter));
            } else {
                table.row(
                        Plain.time(letter.failedAt()),
                        letter.state(),
                        letter.failureClass(),
                        Plain.line(letter.fingerprint(), WIDTH),
                        Plain.line(Plain.bytes(letter.key(), 24), 24),
                        Plain.line(letter.id(), Integer.MAX_VALUE / 2),
                        Plain.fault(letter.exception(), letter.message(), WIDTH));
            }
        }

        String ending() {
            if (read == 0) {
                return "Topic " + connection().topic() + " holds no letters.";
            }
            if (shown == 0) {
                return filters.isEmpty()
                        ? Plain.count(read, "letter") + " in " + connection().topic()
                                + ", and nothing is to be done about any: --state sent,resolved,discarded shows them."
                        : "None of the " + Plain.count(read, "letter") + " in "
                                + connection().topic() + " matches"
                                + (filters.hasState(LetterState.WAITING) || filters.hasState(LetterState.DEFERRED)
                                        ? ". Records that wait, or came too early, and never failed are no letters: plan says"
                                                + " how many wait."
                                        : filters.hasStates()
                                                ? "."
                                                : "; those count about which something is to be done, unless --state says otherwise.");
            }
            return hasMore
                    ? String.format(Locale.ROOT, "The first %,d letters; --limit 0 shows all.", shown)
                    : Plain.count(shown, "letter") + ".";
        }
    }
}
