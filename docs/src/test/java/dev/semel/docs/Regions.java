package dev.semel.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The regions of source files between {@code // tag::name[]} and {@code // end::name[]}, by name. */
final class Regions {

    private static final Pattern TAG = Pattern.compile("\\s*// (tag|end)::(\\S+)\\[]");

    private final Map<String, String> texts = new HashMap<>();

    /** All regions of this module's tests. */
    static Regions ofTests() {
        var regions = new Regions();
        try (Stream<Path> sources = Files.walk(Page.PROJECT.resolve("docs/src/test/java"))) {
            for (Path source :
                    sources.filter(file -> file.toString().endsWith(".java")).toList()) {
                regions.add(source.getFileName().toString(), Files.readAllLines(source));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return regions;
    }

    void add(String file, List<String> lines) {
        var open = new HashMap<String, List<String>>();
        for (String line : lines) {
            Matcher tag = TAG.matcher(line);
            if (!tag.matches()) {
                open.values().forEach(region -> region.add(line));
            } else if (tag.group(1).equals("tag")) {
                open.put(tag.group(2), new ArrayList<>());
            } else {
                close(file, tag.group(2), open.remove(tag.group(2)));
            }
        }
        if (!open.isEmpty()) {
            throw new IllegalArgumentException(file + ": regions " + open.keySet() + " have no end");
        }
    }

    private void close(String file, String name, List<String> region) {
        if (region == null) {
            throw new IllegalArgumentException(file + ": region " + name + " ends and has no beginning");
        }
        if (texts.put(name, String.join("\n", region)) != null) {
            throw new IllegalArgumentException(file + ": there is another region " + name);
        }
    }

    Map<String, String> texts() {
        return texts;
    }
}
