package dev.semel.windowing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semel.windowing.engine.Emission;
import dev.semel.windowing.engine.OpenStateLimit;
import dev.semel.windowing.engine.Rejection;
import dev.semel.windowing.internal.streams.StateWriting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.internals.SessionWindow;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Sessions in a topology, with state in stores. */
class StreamsSessionsTest {

    private static final long GAP = 10;

    private static WindowProcessorSupplier<String, String, Long> counting() {
        return EventTimeProcessor.<String, String>named("w", Serdes.String())
                .sessions(Duration.ofMillis(GAP))
                .sources(SourceExtractor.header(WindowsDriver.SOURCE))
                // An event at the very end of a session belongs to it, and is not to find it closed by another key's.
                .allowedLateness(Duration.ofMillis(1))
                .resultsPerCall(2)
                .count();
    }

    @Test
    @DisplayName("an event between two sessions makes one of them, which ends with its last event")
    void merging() {
        try (var task = new RestartableTask<>(counting())) {
            task.start();
            task.send("a", "k", 0);
            task.send("slow", "k", 0);
            task.send("a", "k", 18);
            task.restart();
            task.send("a", "k", 9);
            task.send("a", "k", 30);
            task.send("slow", "k", 30);
            assertThat(task.forwarded("results")).containsExactly("[0, 18)=4");
            assertThat(RestartableTask.content(task.windows))
                    .as("the session that is open")
                    .hasSize(2);
            task.send("a", "k", 5);
            assertThat(task.forwarded("late")).containsExactly("5");
        }
    }

    @Test
    @DisplayName("sessions are those of a batch, in the order in which they close, whatever is restarted")
    void sessionsAreThoseOfABatch() {
        var random = new Random(3);
        Map<String, List<Long>> events = new TreeMap<>();
        try (var task = new RestartableTask<>(counting())) {
            task.start();
            long clock = 0;
            var results = new ArrayList<String>();
            for (int i = 0; i < 800; i++) {
                clock += random.nextInt(4);
                // A byte of zero within a key, and keys that begin as others do.
                String key = "k" + "\0".repeat(random.nextInt(3));
                events.computeIfAbsent(key, each -> new ArrayList<>()).add(clock);
                task.send("a", key, clock);
                results.addAll(task.forwarded("results"));
                if (random.nextInt(30) == 0) {
                    task.restart();
                }
            }
            task.send("a", "end", clock + 1_000);
            for (int i = 0; i < 5; i++) {
                task.passes(1_000);
            }
            results.addAll(task.forwarded("results"));
            assertThat(results).containsExactlyInAnyOrderElementsOf(batch(events));
        }
    }

    /** All are in order, so that a session ends where the next event of its key is further away than the gap. */
    private static List<String> batch(Map<String, List<Long>> events) {
        var sessions = new ArrayList<String>();
        for (List<Long> times : events.values()) {
            long start = times.get(0);
            int count = 0;
            for (int i = 0; i < times.size(); i++) {
                count++;
                boolean isLast = i + 1 == times.size() || times.get(i + 1) - times.get(i) > GAP;
                if (isLast) {
                    sessions.add("[" + start + ", " + times.get(i) + ")=" + count);
                    start = i + 1 == times.size() ? 0 : times.get(i + 1);
                    count = 0;
                }
            }
        }
        return sessions;
    }

    private static WindowProcessorSupplier<String, String, Long> inPanes() {
        return EventTimeProcessor.<String, String>named("w", Serdes.String())
                .sessions(Duration.ofMillis(GAP))
                .sources(SourceExtractor.header(WindowsDriver.SOURCE))
                .allowedLateness(Duration.ofMillis(40))
                .emission(Emission.inPanes())
                .resultsPerCall(2)
                .count();
    }

    @Test
    @DisplayName("panes are the same whether there is a restart after each event, or none")
    void panesThroughRestarts() {
        var random = new Random(5);
        try (var restarted = new RestartableTask<>(inPanes());
                var undisturbed = new RestartableTask<>(inPanes())) {
            restarted.start();
            undisturbed.start();
            int results = 0;
            long clock = 100;
            for (int i = 0; i < 400; i++) {
                clock += random.nextInt(5);
                String key = "k" + random.nextInt(5);
                long time = clock - random.nextInt(70);
                restarted.send("a", key, time);
                undisturbed.send("a", key, time);
                List<String> expected = undisturbed.forwarded("results");
                results += expected.size();
                assertThat(restarted.forwarded("results")).isEqualTo(expected);
                restarted.restart();
                assertThat(RestartableTask.content(restarted.windows).keySet())
                        .isEqualTo(RestartableTask.content(undisturbed.windows).keySet());
            }
            assertThat(results).isGreaterThan(100);
        }
    }

    private static WindowsDriver driver(UnaryOperator<EventTimeWindows<String, String>> settings) {
        var builder = new StreamsBuilder();
        var sessions = EventTimeWindows.of(
                        builder.stream("events", Consumed.with(Serdes.String(), Serdes.String())),
                        Grouped.with("w", Serdes.String(), Serdes.String()))
                .sessions(Duration.ofMillis(GAP))
                .sources(SourceExtractor.header(WindowsDriver.SOURCE));
        WindowsDriver.write(settings.apply(sessions).count());
        return WindowsDriver.of(WindowsDriver.config(), builder.build());
    }

    @Test
    @DisplayName(
            "0, 15, 30, 7 -> ON_TIME 0-0 and 15-15, then one LATE 0-15, whose header names the two that it replaces")
    void replacedSessionsAreNamed() {
        try (var driver = driver(
                windows -> windows.allowedLateness(Duration.ofMillis(100)).emission(Emission.inPanes()))) {
            driver.send(0, 15, 30, 7);
            var records = driver.resultRecords();
            assertThat(records).extracting(TestRecord::value).containsExactly("k[0, 0)=1", "k[15, 15)=1", "k[0, 15)=3");
            assertThat(records)
                    .extracting(record -> WindowsDriver.header(record, WindowHeaders.PANE_KIND))
                    .containsExactly("ON_TIME", "ON_TIME", "LATE");
            var last = records.get(2);
            assertThat(WindowsDriver.header(last, WindowHeaders.PANE_INDEX)).isEqualTo("1");
            assertThat(WindowsDriver.header(last, WindowHeaders.PANE_REPLACES)).isEqualTo("0-0 15-15");
            assertThat(WindowHeaders.replacedSessions(last.headers()))
                    .containsExactly(new SessionWindow(0, 0), new SessionWindow(15, 15));
            assertThat(WindowHeaders.replacedSessions(records.get(0).headers())).isEmpty();
        }
    }

    @Test
    @DisplayName("case 50 for sessions: a limit on open sessions that sheds, and the source that holds them open")
    void limit() {
        var reports = new AtomicReference<WindowReport>();
        try (var driver = driver(windows -> windows.declare("slow")
                .openState(OpenStateLimit.windows(2, OpenStateLimit.Beyond.SHED))
                .reports(reports::set))) {
            driver.send("slow", "k", 0);
            driver.send(50, 100, 105);
            driver.passes(Duration.ofSeconds(1));
            WindowReport report = reports.get();
            assertThat(report.accounts().processed()).isEqualTo(2);
            assertThat(report.accounts().rejected(Rejection.OPEN_STATE_LIMIT)).isEqualTo(2);
            assertThat(report.wedge()).hasValueSatisfying(wedge -> {
                assertThat(wedge.source()).isEqualTo("slow");
                assertThat(wedge.windows()).isEqualTo(1);
                assertThat(wedge.openBytes()).isPositive();
            });
        }
    }

    @Test
    @DisplayName("what sessions have not is refused where they are built")
    void refusals() {
        assertThatThrownBy(() -> WindowsDriver.counting(
                        StateWriting.THROUGH, windows -> windows.sessions(Duration.ofMillis(GAP))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("say one");
        var sessions =
                EventTimeProcessor.<String, String>named("w", Serdes.String()).sessions(Duration.ofMillis(GAP));
        assertThatThrownBy(() -> sessions.aggregate(
                        () -> "", (key, value, all) -> all, Materialized.with(Serdes.String(), Serdes.String())))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("MergeableAggregate");
        assertThatThrownBy(() -> sessions.emission(Emission.inPanes().withEarly(Duration.ofMillis(1)))
                        .count())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("withEarly");
        assertThatThrownBy(() -> EventTimeProcessor.<String, String>named("w", Serdes.String())
                        .sessions(Duration.ofMillis(GAP))
                        .writeBeforeCommit()
                        .count())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("leave out writeBeforeCommit()");
        assertThatThrownBy(() -> EventTimeProcessor.<String, String>named("w", Serdes.String())
                        .heap(1_000)
                        .sessions(Duration.ofMillis(GAP))
                        .count())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("heap(...)");
    }
}
