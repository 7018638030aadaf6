package dev.semel.docs;

import java.lang.reflect.Field;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What settings are before anybody says them: on a page, and in the builder that has them. */
final class Defaults {

    private Defaults() {}

    /** The second column of a table of settings, by the name of the setting. */
    static Map<String, String> of(Page page, String heading) {
        return page.table(heading).stream()
                .collect(Collectors.toMap(row -> row.get(0).replaceAll("^`(\\w+)\\(.*", "$1"), row -> row.get(1)));
    }

    /** What a builder has in a field that nobody outside sees. */
    static String of(Object builder, String name) throws ReflectiveOperationException {
        return text(field(builder, name));
    }

    static @Nullable Object field(Object builder, String name) throws ReflectiveOperationException {
        for (Class<?> type = builder.getClass(); type != null; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (field.getName().equals(name)) {
                    field.setAccessible(true);
                    return field.get(builder);
                }
            }
        }
        throw new AssertionError(builder.getClass() + " has no field " + name);
    }

    /** As pages write it. */
    static String text(@Nullable Object value) {
        if (value instanceof Duration time) {
            return time.isZero() ? "zero" : time.toSeconds() + " s";
        }
        if (value instanceof Enum<?> constant) {
            return "`" + constant.name() + "`";
        }
        return value instanceof Number number ? "%,d".formatted(number.longValue()) : String.valueOf(value);
    }
}
