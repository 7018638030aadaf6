package dev.semel.examples.benchmarks.contestant;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The lines with which a contestant's process tells how it goes, among others that its libraries may write. */
public final class Said {

    private static final String HANDLED = "benchmark handled ";
    private static final String RESULT = "benchmark result ";
    private static final String SAMPLE = "benchmark sample ";

    private static final String RESTORED = "benchmark restored ";

    private Said() {}

    static void handled(long records) {
        System.out.println(HANDLED + records);
    }

    static void result(Result result) {
        System.out.println(RESULT + result.startUp() + " " + result.took() + " " + result.handled() + " " + result.cpu()
                + " " + result.collections());
    }

    static void sample(Sample sample) {
        System.out.println(SAMPLE + sample.handled() + " " + sample.heapBytes() + " " + sample.stateBytes() + " "
                + sample.collections());
    }

    static void restored(Restored restored) {
        System.out.println(RESTORED + restored.marks() + " " + restored.took() + " " + restored.heapBytes());
    }

    /** What it measured, if it has restored. */
    public static Optional<Restored> restored(String output) {
        return all(
                        output,
                        RESTORED,
                        words -> new Restored(
                                Long.parseLong(words[0]), Duration.parse(words[1]), Long.parseLong(words[2])))
                .stream()
                .findFirst();
    }

    /** How many records it had handled when it last said so; 0 before. */
    public static long handled(String output) {
        List<Long> said = all(output, HANDLED, words -> Long.parseLong(words[0]));
        return said.isEmpty() ? 0 : said.get(said.size() - 1);
    }

    /** What it measured, if it has. */
    public static Optional<Result> result(String output) {
        return all(
                        output,
                        RESULT,
                        words -> new Result(
                                Duration.parse(words[0]),
                                Duration.parse(words[1]),
                                Long.parseLong(words[2]),
                                Duration.parse(words[3]),
                                Duration.parse(words[4])))
                .stream()
                .findFirst();
    }

    /** What it said of itself, in order. */
    public static List<Sample> samples(String output) {
        return all(
                output,
                SAMPLE,
                words -> new Sample(
                        Long.parseLong(words[0]),
                        Long.parseLong(words[1]),
                        Long.parseLong(words[2]),
                        Duration.parse(words[3])));
    }

    /** The last line may be half written. */
    private static <T> List<T> all(String output, String prefix, Function<String[], T> read) {
        String complete = output.substring(0, output.lastIndexOf('\n') + 1);
        return complete.lines()
                .filter(line -> line.startsWith(prefix))
                .map(line -> read.apply(line.substring(prefix.length()).split(" ")))
                .toList();
    }
}
