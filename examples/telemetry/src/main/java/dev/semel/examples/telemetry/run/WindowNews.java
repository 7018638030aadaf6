package dev.semel.examples.telemetry.run;

import java.time.Instant;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Tells of windows that close, of the first late line, and of an application that is back. For one thread. */
final class WindowNews {

    private final RunSettings settings;
    private final Consumer<String> told;
    private NavigableMap<Long, WindowRow> before = new TreeMap<>();
    private long announcedBefore = Long.MIN_VALUE;
    private boolean lateIsTold;
    private boolean isDown;

    WindowNews(RunSettings settings, Consumer<String> told) {
        this.settings = settings;
        this.told = told;
    }

    void look(Frame frame) {
        boolean isRunning = frame.status()
                .filter(status -> status.state().equals("RUNNING"))
                .isPresent();
        if (isDown && isRunning) {
            told.accept("the application is back, and goes on where its last transaction was committed");
        }
        isDown = !isRunning;
        if (!settings.tellsWindows()) {
            return;
        }
        NavigableMap<Long, WindowRow> windows = frame.books().windows();
        for (Map.Entry<Long, WindowRow> window :
                windows.tailMap(announcedBefore).entrySet()) {
            // The second time that it is seen: its results of all keys have come by then.
            if (window.getValue().results() > 0 && window.getValue().equals(before.get(window.getKey()))) {
                announce(window.getKey(), window.getValue());
            }
        }
        if (!lateIsTold && frame.books().late() > 0) {
            lateIsTold = true;
            told.accept("the first reading whose window is closed goes to the late topic: nothing is thrown away");
        }
        before = windows;
    }

    private void announce(long start, WindowRow row) {
        announcedBefore = start + 1;
        told.accept("[%s, %s) is closed: %,d readings, the mean is %.2f"
                .formatted(
                        time(start),
                        time(start + settings.window().toMillis()),
                        row.summary().count(),
                        row.summary().mean()));
    }

    private static String time(long millis) {
        return Instant.ofEpochMilli(millis).toString().substring(11, 19);
    }
}
