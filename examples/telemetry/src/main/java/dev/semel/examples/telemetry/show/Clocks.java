package dev.semel.examples.telemetry.show;

import dev.semel.examples.telemetry.application.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The sources' clocks, and the watermark, as people read them. */
final class Clocks {

    private final Status status;

    Clocks(Status status) {
        this.status = status;
    }

    /** The sources with the least marks first. */
    List<Map.Entry<String, Long>> slowestFirst() {
        return status.marks().entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
                .toList();
    }

    /** The source that the watermark waits for: empty where it has none, or none that has reported holds it. */
    Optional<String> holder() {
        @Nullable Long watermark = status.watermark();
        return watermark == null
                ? Optional.empty()
                : slowestFirst().stream()
                        .filter(mark -> mark.getValue().equals(watermark))
                        .map(mark -> name(mark.getKey()))
                        .findFirst();
    }

    /** The largest mark. */
    long furthest() {
        return status.marks().values().stream().max(Comparator.naturalOrder()).orElse(0L);
    }

    /** All in one line. */
    String line() {
        @Nullable Long watermark = status.watermark();
        return watermark == null
                ? "the watermark waits for a source that has not reported"
                : "the watermark is " + time(watermark)
                        + holder().map(holder -> ", held by " + holder).orElse("") + ", the fastest source "
                        + span(furthest() - watermark) + " ahead, " + status.openWindows() + " windows open";
    }

    /** The name of a source, which may be anything that a file says, fit for a terminal. */
    static String name(String source) {
        String clean = source.replaceAll("\\p{Cntrl}", "?");
        return clean.length() > 12 ? clean.substring(0, 11) + "~" : clean;
    }

    static String time(long millis) {
        String text = Instant.ofEpochMilli(millis).toString();
        return text.length() >= 19 ? text.substring(11, 19) : text;
    }

    static String span(long millis) {
        Duration span = Duration.ofMillis(Math.max(0, millis));
        return span.toDays() > 0
                ? span.toDays() + " d " + span.toHoursPart() + " h"
                : span.toHours() > 0
                        ? span.toHours() + " h " + span.toMinutesPart() + " min"
                        : "%d:%02d min".formatted(span.toMinutes(), span.toSecondsPart());
    }
}
