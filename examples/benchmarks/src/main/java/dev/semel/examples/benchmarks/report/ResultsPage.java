package dev.semel.examples.benchmarks.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A page in Markdown of which parts are written by this program, between comments that name them. For one thread. */
public final class ResultsPage {

    private final Path file;

    /** In this file. */
    public ResultsPage(Path file) {
        this.file = file;
    }

    /**
     * Replaces a part.
     *
     * @throws IllegalStateException where the page has no such part
     */
    public void rewrite(String part, String text) throws IOException {
        String begin = "<!-- " + part + ": written by examples/benchmarks/run -->\n";
        String end = "<!-- end of " + part + " -->";
        String page = Files.readString(file);
        int from = page.indexOf(begin);
        int to = page.indexOf(end);
        if (from < 0 || to < from) {
            throw new IllegalStateException(file + " has no part between '" + begin.strip() + "' and '" + end + "'");
        }
        Files.writeString(
                file, page.substring(0, from + begin.length()) + "\n" + text.strip() + "\n\n" + page.substring(to));
    }
}
