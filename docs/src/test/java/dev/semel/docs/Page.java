package dev.semel.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A page in Markdown, as far as the tests look into it.
 *
 * @param name its path from the project's root
 * @param lines its text
 */
record Page(String name, List<String> lines) {

    /** Tests run in the directory of their module. */
    static final Path PROJECT = Path.of("").toAbsolutePath().getParent();

    private static final Pattern SNIPPET = Pattern.compile("<!-- snippet: (\\S+) -->");

    /**
     * A fenced block.
     *
     * @param language what stands behind the opening fence, for example {@code java}
     * @param snippet the snippet that the comment above the block names
     * @param line where the block begins, from 1
     * @param text what is in it
     */
    record Block(String language, Optional<String> snippet, int line, String text) {}

    static Page of(String name, String text) {
        return new Page(name, text.lines().toList());
    }

    static Page read(String name) {
        try {
            return of(name, Files.readString(PROJECT.resolve(name)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** README.md and all pages in docs. */
    static List<Page> all() {
        try (Stream<Path> docs = Files.list(PROJECT.resolve("docs"))) {
            return Stream.concat(
                            Stream.of(PROJECT.resolve("README.md")),
                            docs.filter(file -> file.toString().endsWith(".md")).sorted())
                    .map(file -> read(PROJECT.relativize(file).toString()))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<Block> blocks() {
        var blocks = new ArrayList<Block>();
        for (int line = 0; line < lines.size(); line++) {
            if (!lines.get(line).startsWith("```")) {
                continue;
            }
            int end = line + 1;
            while (end < lines.size() && !lines.get(end).equals("```")) {
                end++;
            }
            blocks.add(new Block(
                    lines.get(line).substring(3).strip(),
                    snippetAbove(line),
                    line + 1,
                    String.join("\n", lines.subList(line + 1, Math.min(end, lines.size())))));
            line = end;
        }
        return blocks;
    }

    private Optional<String> snippetAbove(int line) {
        Matcher comment = SNIPPET.matcher(line == 0 ? "" : lines.get(line - 1));
        return comment.matches() ? Optional.of(comment.group(1)) : Optional.empty();
    }

    /** The cells of the table's rows below a heading, without the table's own heading. */
    List<List<String>> table(String heading) {
        List<List<String>> rows = lines.stream()
                .dropWhile(line -> !line.matches("#+ " + Pattern.quote(heading)))
                .skip(1)
                .takeWhile(line -> !line.startsWith("#"))
                .dropWhile(line -> !line.startsWith("|"))
                .takeWhile(line -> line.startsWith("|"))
                .skip(2)
                .map(row -> Arrays.stream(row.substring(1).split("\\|"))
                        .map(String::strip)
                        .toList())
                .toList();
        if (rows.isEmpty()) {
            throw new AssertionError(name + " has no table under the heading '" + heading + "'");
        }
        return rows;
    }

    /** What stands in back quotes at the beginning of each row of a table. */
    List<String> firstColumn(String heading) {
        return table(heading).stream()
                .map(row -> row.get(0).replaceAll("^`([^`]+)`.*", "$1"))
                .toList();
    }
}
