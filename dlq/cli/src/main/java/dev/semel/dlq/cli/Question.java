package dev.semel.dlq.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** A question to a person, to be answered with yes or no. Ctrl-C is a no. */
final class Question {

    private static final Set<String> YES = Set.of("y", "yes");

    private Question() {}

    /** Asks, and waits for a line. Everything that is not yes is no. */
    static boolean ask(Terminal terminal, Interruption interruption, Runnable onInterruption, String question) {
        terminal.err().print(Plain.text(question) + " [y/N] ");
        terminal.err().flush();
        var answer = new CompletableFuture<String>();
        // Reading cannot be interrupted, and the thread that asks has to be able to go on.
        var reader = new Thread(() -> answer.complete(line(terminal.in())), "semel-dlq-answer");
        reader.setDaemon(true);
        reader.start();
        interruption.endsBy(() -> {
            onInterruption.run();
            answer.complete("");
        });
        boolean yes = YES.contains(answer.join().strip().toLowerCase(Locale.ROOT));
        interruption.endsBy(onInterruption);
        return yes;
    }

    /** Byte by byte: what comes behind it is for whoever asks next. */
    private static String line(InputStream in) {
        var line = new ByteArrayOutputStream();
        try {
            for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
                line.write(b);
            }
            return line.toString(UTF_8);
        } catch (IOException e) {
            // Whoever cannot answer has not said yes.
            return "";
        }
    }
}
