package dev.semel.examples.benchmarks.report;

import dev.semel.examples.benchmarks.contestant.Kind;
import dev.semel.examples.benchmarks.run.Measured;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.knowm.xchart.CategoryChart;

/** Throughput: a table and a chart for each case, and every turn as a line of CSV. */
public final class ProcessReport {

    private final List<Measured> all;

    /** Of these turns. */
    public ProcessReport(List<Measured> all) {
        this.all = List.copyOf(all);
    }

    /** How long handlers blocked: a table and a chart each. */
    public List<Duration> cases() {
        return all.stream().map(Measured::handler).distinct().sorted().toList();
    }

    /** The name of a case, for headings and files. */
    public static String name(Duration handler) {
        return handler.toMillis() + "ms";
    }

    /** The table of a case, in Markdown. */
    public String table(Duration handler) {
        var table = new StringBuilder();
        table.append("| contestant | records/s, median | min - max | to the loop | start, ms | CPU, s a million |"
                + " output | records |\n");
        table.append("|---|---:|---:|---:|---:|---:|---|---:|\n");
        for (Kind kind : kinds(handler)) {
            List<Measured> turns = turns(kind, handler);
            List<Measured> ended =
                    turns.stream().filter(turn -> turn.failure().isEmpty()).toList();
            if (ended.isEmpty()) {
                table.append(String.format("| %s | | | | | | **failed** | |%n", kind.title()));
                continue;
            }
            table.append(String.format(
                    Locale.ROOT,
                    "| %s | %,.0f | %,.0f - %,.0f | %s | %,.0f | %s | %s | %,d |%n",
                    kind.title(),
                    median(kind, handler),
                    ended.stream().mapToDouble(Measured::rate).min().orElseThrow(),
                    ended.stream().mapToDouble(Measured::rate).max().orElseThrow(),
                    toLoop(kind, handler),
                    Median.of(ended.stream()
                            .map(turn -> (double) turn.result().startUp().toMillis())
                            .toList()),
                    kind.usesKafka()
                            ? String.format(
                                    Locale.ROOT,
                                    "%.1f",
                                    Median.of(ended.stream()
                                            .map(ProcessReport::cpuSecondsPerMillion)
                                            .toList()))
                            : "",
                    judgement(turns),
                    turns.get(0).records()));
        }
        return table.toString();
    }

    private static double cpuSecondsPerMillion(Measured turn) {
        return turn.result().cpu().toMillis() / 1e3 / (turn.records() / 1e6);
    }

    private static String judgement(List<Measured> turns) {
        List<String> wrong = turns.stream()
                .filter(turn -> !turn.isCorrect())
                .map(turn -> turn.failure().isEmpty() ? turn.verdict().toString() : "failed")
                .distinct()
                .toList();
        return wrong.isEmpty()
                ? (turns.get(0).kind().usesKafka() ? "exact" : "none")
                : "**WRONG**: " + String.join("; ", wrong);
    }

    /** Each round's rate to the loop's in the same round: what slowed the machine in a round slowed both. */
    private String toLoop(Kind kind, Duration handler) {
        List<Double> ratios = new ArrayList<>();
        for (Measured turn : turns(kind, handler)) {
            turns(Kind.LOOP, handler).stream()
                    .filter(loop -> loop.round() == turn.round())
                    .filter(loop -> loop.failure().isEmpty() && turn.failure().isEmpty())
                    .forEach(loop -> ratios.add(turn.rate() / loop.rate()));
        }
        return ratios.isEmpty() ? "" : String.format(Locale.ROOT, "%.2f x", Median.of(ratios));
    }

    /** The median of a contestant's rates. */
    double median(Kind kind, Duration handler) {
        return Median.of(turns(kind, handler).stream()
                .filter(turn -> turn.failure().isEmpty())
                .map(Measured::rate)
                .toList());
    }

    private List<Kind> kinds(Duration handler) {
        return all.stream()
                .filter(turn -> turn.handler().equals(handler))
                .map(Measured::kind)
                .distinct()
                .sorted(Comparator.comparing(Kind::ordinal))
                .toList();
    }

    private List<Measured> turns(Kind kind, Duration handler) {
        return all.stream()
                .filter(turn -> turn.kind() == kind && turn.handler().equals(handler))
                .toList();
    }

    /** Bars of the medians of a case, if there is anything to draw. */
    public Optional<CategoryChart> chart(Duration handler) {
        List<Kind> kinds = kinds(handler).stream()
                .filter(kind -> !Double.isNaN(median(kind, handler)))
                .toList();
        return kinds.isEmpty()
                ? Optional.empty()
                : Optional.of(Charts.bars(
                        "Records a second, exactly once, handler "
                                + (handler.isZero() ? "does nothing" : "blocks " + handler.toMillis() + " ms"),
                        kinds,
                        kinds.stream().map(kind -> median(kind, handler)).toList()));
    }

    /** Every turn. */
    public String csv() {
        var csv = new StringBuilder("contestant,handler_ms,round,records,start_ms,took_ms,records_per_s,cpu_ms,gc_ms,"
                + "output_records,gaps,repeats,failed\n");
        for (Measured turn : all) {
            csv.append(String.format(
                    Locale.ROOT,
                    "%s,%d,%d,%d,%d,%d,%.0f,%d,%d,%d,%d,%d,%b%n",
                    turn.kind().id(),
                    turn.handler().toMillis(),
                    turn.round(),
                    turn.records(),
                    turn.result().startUp().toMillis(),
                    turn.result().took().toMillis(),
                    turn.failure().isEmpty() ? turn.rate() : 0,
                    turn.result().cpu().toMillis(),
                    turn.result().collections().toMillis(),
                    turn.verdict().records(),
                    turn.verdict().gaps(),
                    turn.verdict().repeats(),
                    !turn.failure().isEmpty()));
        }
        return csv.toString();
    }
}
