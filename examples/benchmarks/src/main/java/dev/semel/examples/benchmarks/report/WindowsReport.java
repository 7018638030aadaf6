package dev.semel.examples.benchmarks.report;

import dev.semel.examples.benchmarks.contestant.Kind;
import dev.semel.examples.benchmarks.run.WindowsTurn;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.knowm.xchart.CategoryChart;

/** Windows in Kafka Streams: a table, a chart, and every turn as a line of CSV. */
public final class WindowsReport {

    private final List<WindowsTurn> all;

    /** Of these turns. */
    public WindowsReport(List<WindowsTurn> all) {
        this.all = List.copyOf(all);
    }

    /** The table, in Markdown: medians, and the fewest results of any round. */
    public String table() {
        var table =
                new StringBuilder("| contestant | records/s, median | min - max | to suppress | to on close, in memory"
                        + " | CPU, s a million | results | output |\n|---|---:|---:|---:|---:|---:|---:|---|\n");
        for (Kind kind : kinds()) {
            List<WindowsTurn> ended = ended(kind);
            if (ended.isEmpty()) {
                table.append(String.format("| %s | | | | | | | **failed** |%n", kind.title()));
                continue;
            }
            table.append(String.format(
                    Locale.ROOT,
                    "| %s | %,.0f | %,.0f - %,.0f | %s | %s | %.1f | %,d of %,d | %s |%n",
                    kind.title(),
                    median(kind),
                    ended.stream().mapToDouble(WindowsTurn::rate).min().orElseThrow(),
                    ended.stream().mapToDouble(WindowsTurn::rate).max().orElseThrow(),
                    to(Kind.STREAMS_SUPPRESS, kind),
                    to(Kind.STREAMS_MEMORY_CLOSE, kind),
                    Median.of(ended.stream()
                            .map(turn -> turn.result().cpu().toMillis() / 1e3 / (turn.events() / 1e6))
                            .toList()),
                    ended.stream()
                            .mapToLong(turn -> turn.verdict().right())
                            .min()
                            .orElseThrow(),
                    ended.get(0).verdict().expected(),
                    judgement(turns(kind))));
        }
        return table.toString();
    }

    private static String judgement(List<WindowsTurn> turns) {
        List<String> wrong = turns.stream()
                .filter(turn -> !turn.isCorrect())
                .map(turn -> turn.failure().isEmpty() ? turn.verdict().toString() : "failed")
                .distinct()
                .toList();
        return wrong.isEmpty() ? "exact" : "**WRONG**: " + String.join("; ", wrong);
    }

    /** Each round's rate to the other's in the same round: what slowed the machine in a round slowed both. */
    private String to(Kind other, Kind kind) {
        List<Double> ratios = new ArrayList<>();
        for (WindowsTurn turn : ended(kind)) {
            ended(other).stream()
                    .filter(its -> its.round() == turn.round())
                    .forEach(its -> ratios.add(turn.rate() / its.rate()));
        }
        return ratios.isEmpty() ? "" : String.format(Locale.ROOT, "%.2f x", Median.of(ratios));
    }

    private double median(Kind kind) {
        return Median.of(ended(kind).stream().map(WindowsTurn::rate).toList());
    }

    private List<Kind> kinds() {
        return all.stream()
                .map(WindowsTurn::kind)
                .distinct()
                .sorted(Comparator.comparing(Kind::ordinal))
                .toList();
    }

    private List<WindowsTurn> turns(Kind kind) {
        return all.stream().filter(turn -> turn.kind() == kind).toList();
    }

    private List<WindowsTurn> ended(Kind kind) {
        return turns(kind).stream().filter(turn -> turn.failure().isEmpty()).toList();
    }

    /** Bars of the medians, if there is anything to draw. */
    public Optional<CategoryChart> chart() {
        List<Kind> kinds =
                kinds().stream().filter(kind -> !ended(kind).isEmpty()).toList();
        return kinds.isEmpty()
                ? Optional.empty()
                : Optional.of(Charts.bars(
                        "Records a second, counted by key and minute, exactly once",
                        kinds,
                        kinds.stream().map(this::median).toList()));
    }

    /** Every turn. */
    public String csv() {
        var csv = new StringBuilder(
                "contestant,round,events,start_ms,took_ms,records_per_s,cpu_ms,gc_ms,expected_results,"
                        + "right,wrong,repeated,unexpected,failed\n");
        for (WindowsTurn turn : all) {
            csv.append(String.format(
                    Locale.ROOT,
                    "%s,%d,%d,%d,%d,%.0f,%d,%d,%d,%d,%d,%d,%d,%b%n",
                    turn.kind().id(),
                    turn.round(),
                    turn.events(),
                    turn.result().startUp().toMillis(),
                    turn.result().took().toMillis(),
                    turn.failure().isEmpty() ? turn.rate() : 0,
                    turn.result().cpu().toMillis(),
                    turn.result().collections().toMillis(),
                    turn.verdict().expected(),
                    turn.verdict().right(),
                    turn.verdict().wrong(),
                    turn.verdict().repeated(),
                    turn.verdict().unexpected(),
                    !turn.failure().isEmpty()));
        }
        return csv.toString();
    }
}
