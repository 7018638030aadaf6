package dev.semel.dlq.cli;

import dev.semel.dlq.DeadLetterReprocessor;
import dev.semel.dlq.Letter;
import dev.semel.dlq.LettersRefusedException;
import dev.semel.dlq.StateChange;
import java.io.PrintStream;
import java.time.Instant;
import java.util.Locale;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code semel-dlq show}. */
@Command(
        name = "show",
        header = "Shows a letter with all that it holds.",
        description = {
            "",
            "Shows a letter: what failed, when and where, what was done about it last, its headers, key and value.",
            ""
        })
final class ShowCommand extends LetterCommand {

    private static final int MOST = 4_000;

    @Option(names = "--id", paramLabel = "ID", required = true, description = "the letter's id: see list")
    private String id = "";

    @Override
    int run(DeadLetterReprocessor letters) {
        Letter letter = letters.show(id)
                .orElseThrow(() -> new LettersRefusedException(
                        "there is no letter " + id + " in " + connection().topic()
                                + ": list shows the ids of those that are there, and lost those that retention deleted",
                        null));
        @Nullable StateChange last = letters.lastChange(letter).orElse(null);
        if (isJson()) {
            Json.print(terminal().out(), Json.whole(letter, last));
        } else {
            print(terminal().out(), letter, last);
        }
        return ExitCode.DONE;
    }

    private static void print(PrintStream out, Letter letter, @Nullable StateChange last) {
        line(out, "letter", letter.id());
        line(out, "state", letter.state() + (last == null ? "" : ": " + told(last)));
        line(out, "failure", letter.failureClass() + ", fingerprint " + letter.fingerprint());
        line(out, "exception", letter.exception() + (letter.message() == null ? "" : ": " + letter.message()));
        line(out, "failed at", letter.failedAt() + (letter.attempts() == 0 ? "" : ", attempts " + letter.attempts()));
        line(
                out,
                "came from",
                letter.origin() == null ? "it does not say" : letter.origin().toString());
        line(
                out,
                "timestamp",
                letter.originalTimestamp() == null
                        ? "it does not say"
                        : Instant.ofEpochMilli(letter.originalTimestamp()).toString());
        line(out, "group", letter.group() == null ? "it does not say" : letter.group());
        line(out, "lies at", letter.position() + ", as " + letter.format() + " writes letters");
        line(out, "key", Plain.bytes(letter.key(), MOST));
        out.println("headers");
        for (Header header : letter.headers()) {
            String text = cut(Plain.bytes(header.value(), MOST));
            boolean hasLines = text.contains("\n");
            out.println(Plain.text("  " + header.key() + ":" + (hasLines ? "\n" + indented(text, 4) : " " + text)));
        }
        byte @Nullable [] value = letter.value();
        out.println("value" + (value == null ? "" : String.format(Locale.ROOT, ", %,d bytes", value.length)));
        out.println(Plain.text(indented(cut(Plain.bytes(value, MOST)), 2)));
    }

    private static String told(StateChange change) {
        return change.actor() + " at " + change.at() + ", redrive " + change.redriveId()
                + (change.target() == null ? "" : ", to " + change.target())
                + (change.reason() == null ? "" : ", " + change.reason());
    }

    private static String cut(String text) {
        return text.length() <= MOST
                ? text
                : text.substring(0, MOST)
                        + String.format(Locale.ROOT, "%n... %,d more characters; --json has all", text.length() - MOST);
    }

    private static String indented(String text, int columns) {
        return text.indent(columns).stripTrailing();
    }

    private static void line(PrintStream out, String name, String text) {
        out.println(Plain.text(String.format("%-11s%s", name, text)));
    }
}
