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
        header = "Copies letters back to the topic from which they came.",
        description = {
            "",
            "Copies the record in each letter back to the topic from which it came first, or to a named one, exactly once:"
                    + " the copy and the letter's state are committed together. Every group that reads that topic sees the"
                    + " copies. Copies of a key are in the order of their original offsets. Letters that arrive meanwhile are not taken;"
                    + " those that were copied before are not copied again, so that the same command goes on where another ended.",
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

    @Override
    String deed() {
        return "copied";
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
                                "The canary is done: %,d copied, none failed again. Look at what the readers made of them. Go on?",
                                report.applied()));
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
        return Intent.toRedrive(connection().topic(), selection);
    }

    @Override
    String question(Intent intent) {
        return "Copy " + Plain.count(intent.toChange(), "letter") + "?";
    }

    @Override
    RedriveReport change(LetterSelection selection) {
        return selection.redrive();
    }
}
