package dev.semel.examples.telemetry.input;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.semel.examples.telemetry.reading.Columns;
import dev.semel.examples.telemetry.reading.LineFormat;
import dev.semel.examples.telemetry.reading.TimeUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * What the sources of the incident send: A, B and C, whose clocks stand at 02:20, 02:22 and 02:15 when it begins, some of it out of
 * order, late, on a boundary, or broken; and C falls silent for two minutes, and then sends all at once.
 */
public final class IncidentLines implements LineSource {

    /** All that send. */
    public static final List<String> SOURCES = List.of("A", "B", "C");

    /** How far behind its source's latest a reading may be. */
    public static final int DISORDER_MILLIS = 5_000;

    /** How long a window stays open after the watermark has passed its end. */
    public static final int LATENESS_MILLIS = 10_000;

    private static final long A = 1705544400000L;
    private static final long B = 1705544520000L;
    private static final long C = 1705544100000L;
    private static final long[] STARTS = {A, B, C};

    /** Of the fast ones, which are minutes ahead of it: it is behind all but C's. */
    private static final long ON_TIME_BY_C_ALONE = 1705544150000L;

    /** 02:16 exactly. */
    private static final long BOUNDARY = 1705544160000L;

    private static final List<String> KEYS = List.of("humidity", "pressure", "temperature");
    private static final int STEP_MILLIS = 500;
    private static final int MINUTE = 60_000;
    private static final int SILENCE_PER_MILLE = 300;
    private static final int RETURN_PER_MILLE = 500;

    private final Random random;
    private final double speed;
    private final long lengthMillis;

    /** With the times at which they would come if one second were one. */
    private final List<TimedLine> lines = new ArrayList<>();

    /**
     * @param seed the same gives the same
     * @param minutes of event time that each source sends
     * @param speed how many seconds of event time go by in one
     */
    public IncidentLines(long seed, int minutes, double speed) {
        this.random = new Random(seed);
        this.speed = speed;
        this.lengthMillis = (long) minutes * MINUTE;
        for (int source = 0; source < SOURCES.size(); source++) {
            opening(source);
            for (long at = STEP_MILLIS; at < lengthMillis; at += STEP_MILLIS) {
                at(source, at);
            }
        }
        tell();
        lines.sort(Comparator.comparingLong(TimedLine::atMillis));
    }

    private void opening(int source) {
        reading(0, source, STARTS[source]);
        if (source == 0) {
            reading(STEP_MILLIS, source, ON_TIME_BY_C_ALONE);
        }
        if (source == 2) {
            reading(BOUNDARY - C, source, BOUNDARY);
        }
    }

    private void at(int source, long at) {
        long clock = STARTS[source] + at;
        long arrival = source == 2 ? held(at) : at;
        int chance = random.nextInt(1000);
        if (chance < 4) {
            add(arrival, "{\"time\":" + clock + ",\"source\":\"" + SOURCES.get(source) + "\",\"val", null);
        } else if (chance < 7) {
            // Microseconds, by mistake.
            add(arrival, json(clock * 1000, source, KEYS.get(0)), null);
        } else if (chance < 9) {
            add(arrival, json(clock, source, null), null);
        } else if (chance < 39 && source == 2 && at > 3 * MINUTE) {
            // It has lain about somewhere for minutes: the window is closed when it comes.
            long behind = DISORDER_MILLIS + LATENESS_MILLIS + MINUTE + random.nextInt(MINUTE);
            reading(arrival, source, clock - behind);
        } else {
            reading(arrival, source, clock - random.nextInt(DISORDER_MILLIS));
        }
    }

    /** What C has to say in its silence comes when that ends, in its order. */
    private long held(long at) {
        long from = lengthMillis * SILENCE_PER_MILLE / 1000;
        long to = lengthMillis * RETURN_PER_MILLE / 1000;
        return at >= from && at < to ? to : at;
    }

    private void tell() {
        say(0, "A, B and C begin: their clocks say 02:20, 02:22 and 02:15. The watermark is C's");
        say(
                lengthMillis * SILENCE_PER_MILLE / 1000,
                "C falls silent: the watermark stays, windows stay open, A and B go on");
        say(
                lengthMillis * RETURN_PER_MILLE / 1000,
                "C is back with all that it had to say: on time, since nothing was closed without it");
    }

    private void say(long at, String text) {
        add(at, json(STARTS[0] + at, 0, KEYS.get(1)), text);
    }

    private void reading(long at, int source, long time) {
        add(at, json(time, source, KEYS.get(random.nextInt(KEYS.size()))), null);
    }

    private String json(long time, int source, @Nullable String key) {
        String keyField = key == null ? "" : ",\"key\":\"" + key + "\"";
        return String.format(
                Locale.ROOT,
                "{\"time\":%d,\"source\":\"%s\"%s,\"value\":%.2f}",
                time,
                SOURCES.get(source),
                keyField,
                20 + 5 * random.nextGaussian());
    }

    private void add(long at, String line, @Nullable String said) {
        lines.add(new TimedLine(at, line.getBytes(UTF_8), said));
    }

    @Override
    public LineFormat format() {
        return LineFormat.json(Columns.USUAL, TimeUnit.MS);
    }

    @Override
    public long count() {
        return lines.size();
    }

    @Override
    public Iterator<TimedLine> lines() {
        return lines.stream()
                .map(line -> new TimedLine((long) (line.atMillis() / speed), line.line(), line.said()))
                .iterator();
    }

    @Override
    public void close() {}
}
