package dev.semel.examples.benchmarks.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingFile;

/**
 * Where a process' time went, as a flight recording's samples tell: by thread, by the room of the code that asked for it, and
 * by the method that ran. A sample is of a thread that runs Java code; what waits is not in it, and little of what is native.
 */
public final class ProfileReport {

    private static final int THREADS = 8;
    private static final int ROOMS = 14;
    private static final int METHODS = 25;
    private static final List<String> OWN = List.of("dev.semel.core", "dev.semel.examples", "org.apache.kafka");

    private final Map<String, Integer> threads = new HashMap<>();
    private final Map<String, Integer> rooms = new HashMap<>();
    private final Map<String, Integer> methods = new HashMap<>();
    private long samples;
    private long parkedMillis;
    private long contendedMillis;
    private long allocatedBytes;

    private ProfileReport() {}

    /** Of a recording with the settings of {@code profile}. */
    public static ProfileReport of(Path recording) throws IOException {
        var report = new ProfileReport();
        try (var file = new RecordingFile(recording)) {
            while (file.hasMoreEvents()) {
                report.add(file.readEvent());
            }
        }
        return report;
    }

    private void add(RecordedEvent event) {
        switch (event.getEventType().getName()) {
            case "jdk.ExecutionSample" -> sample(event);
            case "jdk.ThreadPark" -> parkedMillis += event.getDuration().toMillis();
            case "jdk.JavaMonitorEnter" ->
                contendedMillis += event.getDuration().toMillis();
            case "jdk.ObjectAllocationSample" -> allocatedBytes += event.getLong("weight");
            default -> {
                // Of no interest here; the recording is kept for who wants more.
            }
        }
    }

    private void sample(RecordedEvent event) {
        if (event.getStackTrace() == null || event.getStackTrace().getFrames().isEmpty()) {
            return;
        }
        samples++;
        RecordedThread thread = event.getThread("sampledThread");
        count(
                threads,
                thread == null || thread.getJavaName() == null
                        ? "?"
                        : thread.getJavaName().replaceAll("\\d+", "#"));
        List<RecordedFrame> frames = event.getStackTrace().getFrames();
        count(
                rooms,
                frames.stream()
                        .map(ProfileReport::room)
                        .filter(room -> !room.isEmpty())
                        .findFirst()
                        .orElse("other"));
        count(methods, name(frames.get(0)));
    }

    /** The package of the innermost frame that is ours or Kafka's. */
    private static String room(RecordedFrame frame) {
        String type = frame.getMethod().getType().getName();
        boolean own = OWN.stream().anyMatch(type::startsWith);
        return own && type.contains(".") ? type.substring(0, type.lastIndexOf('.')) : "";
    }

    private static String name(RecordedFrame frame) {
        return frame.getMethod().getType().getName() + "." + frame.getMethod().getName();
    }

    private static void count(Map<String, Integer> counts, String name) {
        counts.merge(name, 1, Integer::sum);
    }

    /** For people. */
    public String text() {
        return String.format(
                        Locale.ROOT,
                        "%,d samples, %,d MB allocated, %,d ms parked (those of 10 ms and more), %,d ms waiting for monitors%n",
                        samples,
                        allocatedBytes / 1_000_000,
                        parkedMillis,
                        contendedMillis)
                + top("by thread", threads, THREADS)
                + top("by package, Semel's or Kafka's, that asked for it", rooms, ROOMS)
                + top("by method that ran", methods, METHODS);
    }

    private String top(String title, Map<String, Integer> counts, int most) {
        var text = new StringBuilder(title + ":\n");
        counts.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
                .limit(most)
                .forEach(entry -> text.append(String.format(
                        Locale.ROOT, "  %5.1f %%  %s%n", 100.0 * entry.getValue() / samples, entry.getKey())));
        return text.toString();
    }
}
