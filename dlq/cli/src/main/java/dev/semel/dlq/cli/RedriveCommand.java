package dev.semel.dlq.cli;

import dev.semel.dlq.LetterSelection;
import dev.semel.dlq.RedriveReport;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code semel-dlq redrive}. */
@Command(
        name = "redrive",
        header = "Has letters handled again, in place, or copies them back to their topic.",
        description = {
            "",
            "Letters that a group keeps (a Semel processor with DeadLetters) are handled in place: the running processor that owns"
                    + " their source partition handles each again, and no other group sees anything of it. What waits behind them"
                    + " goes on by itself. One processor of the group at least has to run, else the exit code is 4.",
            "",
            "All other letters, and all where --to names a topic, are copied: back to the topic from which each came first, or to"
                    + " that one. Every group that reads it sees the copies.",
            "",
            "Each letter is done once, those of a key in the order of their original offsets. It is shown first what would be"
                    + " done, and asked for. One that fails again stays open, in front of its key: show tells with"
                    + " what. Parked, quarantined and deferred letters are left alone, unless --state names that."
                    + " Letters that arrive meanwhile are not taken. However it ends, the same command again goes on with what"
                    + " is left.",
            "",
            "The database is back: the timeouts first, 50 a second, 10 of them before the rest:",
            "  semel-dlq redrive --bootstrap-server HOST:9092 --topic orders.dlq \\",
            "      --failure timeout_exceeded --rate 50 --canary 10 --reason INC-4711",
            ""
        })
final class RedriveCommand extends ChangeCommand {

    @Mixin
    private Targeting targeting = new Targeting();

    @Option(
            names = "--rate",
            paramLabel = "N",
            description = "at most so many letters a second (default: as fast as it goes)")
    private @Nullable Double rate;

    @Option(
            names = "--canary",
            paramLabel = "N",
            description =
                    "so many letters first: if one of them fails again it ends; else it asks whether to go on, and with"
                            + " --yes goes on")
    private @Nullable Integer canary;

    @Option(
            names = "--stop-at-failed-share",
            paramLabel = "SHARE",
            description =
                    "end when a larger share of the letters that were tried has failed again: 0.05, or 5%% (default: never)")
    private @Nullable String failedShare;

    @Option(names = "--reason", paramLabel = "TEXT", description = "why, for the audit")
    private @Nullable String reason;

    private String deed = "redriven";

    @Override
    String deed() {
        return deed;
    }

    @Override
    void check() {
        super.check();
        share();
        if (rate != null && !(rate > 0)) {
            throw wrong("--rate " + rate + " must be more than 0");
        }
        if (canary != null && canary < 1) {
            throw wrong("--canary " + canary + " must be at least 1");
        }
    }

    private @Nullable Double share() {
        @Nullable String text = failedShare;
        if (text == null) {
            return null;
        }
        try {
            double share = text.endsWith("%")
                    ? Double.parseDouble(text.substring(0, text.length() - 1)) / 100
                    : Double.parseDouble(text);
            if (share >= 0 && share <= 1) {
                return share;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw wrong("--stop-at-failed-share '" + text + "' must be from 0 to 1, or from 0% to 100%");
    }

    @Override
    void prepare(LetterSelection selection, Progress progress) {
        targeting.apply(selection);
        if (rate != null) {
            selection.ratePerSecond(rate);
        }
        if (canary != null) {
            selection.canary(canary, report -> {
                progress.close();
                return isAgreed(
                        selection,
                        String.format(
                                Locale.ROOT,
                                "The canary is done: %s, none failed again. Look at what came of them. Go on?",
                                Reports.done(report, deed())));
            });
        }
        @Nullable Double share = share();
        if (share != null) {
            selection.stopWhenFailedShareExceeds(share);
        }
        if (reason != null) {
            selection.reason(reason);
        }
    }

    @Override
    Intent intent(LetterSelection selection) {
        Intent intent = Intent.toRedrive(connection().topic(), selection);
        deed = intent.deed().equals("handled in place") ? "handled" : intent.deed();
        return intent;
    }

    @Override
    String question(Intent intent) {
        String letters = Plain.count(intent.toChange(), "letter");
        return switch (deed) {
            case "handled" -> "Handle " + letters + " in place?";
            case "copied" -> "Copy " + letters + "?";
            default ->
                String.format(
                        Locale.ROOT,
                        "Redrive %s, %,d in place and %,d as copies?",
                        letters,
                        intent.inPlace(),
                        intent.toChange() - intent.inPlace());
        };
    }

    @Override
    RedriveReport change(LetterSelection selection) {
        return selection.redrive();
    }
}
