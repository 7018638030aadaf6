package dev.semel.examples.telemetry.reading;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which column of a CSV file, or field of a JSON object, is which part of a reading.
 *
 * @param time the event's time
 * @param source whose clock it is of
 * @param key by which readings are grouped
 * @param value what is added up; null if there is none, and each reading counts 1
 */
public record Columns(
        String time, String source, String key, @Nullable String value) {

    /** The names that are meant if nothing else is said. */
    public static final Columns USUAL = new Columns("time", "source", "key", "value");

    private static final List<String> PARTS = List.of("time", "source", "key", "value");

    /**
     * Reads what the command line says, such as {@code time=ts,source=device,key=device,value=temperature}.
     *
     * @throws IllegalArgumentException with what is wrong with it, and what to do
     */
    public static Columns parse(String text) {
        Map<String, String> names = new LinkedHashMap<>();
        for (String each : text.split(",", -1)) {
            int equals = each.indexOf('=');
            String part = equals < 0 ? each.strip() : each.substring(0, equals).strip();
            String name = equals < 0 ? "" : each.substring(equals + 1).strip();
            if (!PARTS.contains(part) || name.isEmpty()) {
                throw new IllegalArgumentException(
                        "'" + each + "' must be time=NAME, source=NAME, key=NAME or value=NAME");
            }
            if (names.put(part, name) != null) {
                throw new IllegalArgumentException("'" + part + "=' is given twice: leave one out");
            }
        }
        return new Columns(
                required(names, "time"), required(names, "source"), required(names, "key"), names.get("value"));
    }

    private static String required(Map<String, String> names, String part) {
        String name = names.get(part);
        if (name == null) {
            throw new IllegalArgumentException(
                    "'" + part + "=' is missing: say which column is the " + part + " (only value= may be left out)");
        }
        return name;
    }

    /** All the names that a header has to have. */
    public List<String> names() {
        return value == null ? List.of(time, source, key) : List.of(time, source, key, value);
    }
}
