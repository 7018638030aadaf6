package dev.semel.windowing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semel.windowing.internal.streams.StateWriting;
import dev.semel.windowing.watermark.WatermarkStrategy;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Who has something unread is not silent, also before anything of it has been read; and what is not read is not waited for. */
@ParameterizedClass
@EnumSource(StateWriting.class)
class StreamsUnreadInputsTest {

    private static final WatermarkStrategy IN_ORDER = WatermarkStrategy.boundedOutOfOrderness(Duration.ZERO);
    private static final WatermarkStrategy IDLE = IN_ORDER.withIdleness(Duration.ofSeconds(3));
    private static final Duration TICK = Duration.ofSeconds(1);

    @Parameter
    StateWriting writing;

    private final ReadByThisThread consumer = new ReadByThisThread();

    @AfterEach
    void close() {
        consumer.close();
    }

    /** Two merged topics, in each of which there are records of a and b. */
    private WindowsDriver merged(UnaryOperator<EventTimeWindows<String, String>> settings) {
        var builder = new StreamsBuilder();
        var windows = EventTimeWindows.of(
                        builder.stream(List.of("events", "more"), Consumed.with(Serdes.String(), Serdes.String())),
                        Grouped.with("w", Serdes.String(), Serdes.String()))
                .tumbling(Duration.ofMillis(10))
                .declare("a", "b")
                .sources(SourceExtractor.header(WindowsDriver.SOURCE))
                .watermarks(IDLE);
        WindowsDriver.write(settings.apply(writing == StateWriting.BACK ? windows.writeBeforeCommit() : windows)
                .count());
        return WindowsDriver.of(WindowsDriver.config(), builder.build());
    }

    private static void onlyASends(WindowsDriver driver) {
        for (int second = 0; second < 8; second++) {
            driver.send("a", "k", 5 + 10L * second);
            driver.passes(TICK);
        }
    }

    @Test
    void aPartitionThatHasDeliveredNothingYetKeepsSourcesFromBeingIdle() {
        consumer.reads("events", 0).lag("events", 0, 0).reads("more", 0);
        try (var driver = merged(windows -> windows)) {
            onlyASends(driver);
            assertThat(driver.results()).as("nobody knows what more-0 has").isEmpty();
            consumer.lag("more", 0, 1_000);
            onlyASends(driver);
            assertThat(driver.results())
                    .as("b may have 1,000 records in more-0")
                    .isEmpty();
            consumer.lag("more", 0, 0);
            onlyASends(driver);
            assertThat(driver.results()).as("all is read").isNotEmpty();
        }
    }

    @Test
    void partitionsOfOtherNumbersAndOurOwnRepartitioningsKeepNobody() {
        consumer.reads("events", 0)
                .lag("events", 0, 0)
                .reads("events", 10)
                .lag("events", 10, 1_000)
                .reads("app-w-repartition", 0)
                .lag("app-w-repartition", 0, 1_000);
        try (var driver = merged(windows -> windows)) {
            onlyASends(driver);
            assertThat(driver.results()).isNotEmpty();
        }
    }

    @Test
    void aPartitionThatHasGoneToAnotherThreadKeepsNobody() {
        consumer.reads("events", 0).lag("events", 0, 0).reads("of-another-task", 0);
        try (var driver = merged(windows -> windows)) {
            onlyASends(driver);
            assertThat(driver.results()).isEmpty();
            consumer.readsNoMore("of-another-task", 0);
            onlyASends(driver);
            assertThat(driver.results()).isNotEmpty();
        }
    }

    @Test
    void topicsThatAreNamedByHandCountBeforeTheirFirstRecord() {
        try (var driver = merged(windows -> windows.sources(SourceExtractor.<String, String>header(WindowsDriver.SOURCE)
                        .readFrom("events", "more"))
                .lag(input -> input.equals("more-0") ? 1_000 : 0))) {
            onlyASends(driver);
            assertThat(driver.results())
                    .as("b may have 1,000 records in more-0")
                    .isEmpty();
        }
        assertThatThrownBy(() -> SourceExtractor.partition("events").readFrom("more"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("partition(...)");
    }

    @Test
    void declaredSourcesAreNotIdleBeforeAnythingHasBeenRead() {
        try (var driver = WindowsDriver.counting(
                writing, windows -> windows.declare("a", "b").watermarks(IDLE).lag(input -> 1_000))) {
            for (int second = 0; second < 5; second++) {
                driver.passes(TICK);
            }
            driver.send("a", "k", 100);
            driver.send("b", "k", 5);
            assertThat(driver.late()).as("the first event of a declared source").isEmpty();
        }
    }

    /** It has fewer partitions than another, or is misspelt. */
    @Test
    void aTopicThatTheTaskDoesNotReadIsSilent() {
        consumer.reads("events", 0).lag("events", 0, 0);
        try (var driver = WindowsDriver.counting(
                writing,
                windows -> windows.sources(SourceExtractor.partition("events", "not-read"))
                        .watermarks(IDLE))) {
            onlyASends(driver);
            assertThat(driver.results()).isNotEmpty();
        }
    }

    @Test
    void aDeclaredPartitionIsWaitedForWhereItIsRead() {
        try (var driver = WindowsDriver.counting(
                writing, windows -> windows.sources(SourceExtractor.partition()).declare("events-0", "events-1"))) {
            onlyASends(driver);
            assertThat(driver.results()).isNotEmpty();
        }
    }

    @Test
    void aTopicThatIsTakenOutOfTheStreamIsSilent() {
        consumer.reads("events", 0).lag("events", 0, 0);
        changed(
                counting(SourceExtractor.partition("events", "other"), IDLE),
                counting(SourceExtractor.partition("events"), IDLE));
    }

    @Test
    void sourcesThatWereIdsAreNotWaitedForWherePartitionsAre() {
        changed(
                counting(SourceExtractor.header(WindowsDriver.SOURCE), IN_ORDER),
                counting(SourceExtractor.partition("events"), IN_ORDER));
    }

    private WindowProcessorSupplier<String, String, Long> counting(
            SourceExtractor<String, String> sources, WatermarkStrategy strategy) {
        var windows = EventTimeProcessor.<String, String>named("w", Serdes.String())
                .tumbling(Duration.ofMillis(10))
                .sources(sources)
                .watermarks(strategy);
        return (writing == StateWriting.BACK ? windows.writeBeforeCommit() : windows).count();
    }

    /** The second one begins with the state of the first. */
    private static void changed(
            WindowProcessorSupplier<String, String, Long> first, WindowProcessorSupplier<String, String, Long> then) {
        try (var before = new RestartableTask<>(first);
                var after = new RestartableTask<>(then)) {
            before.start();
            before.send("a", "k", 5);
            before.passes(1_000);
            after.start();
            after.startAgain(RestartableTask.content(before.windows), RestartableTask.content(before.control));
            for (int second = 1; second < 10; second++) {
                after.send("a", "k", 10L * second);
                after.passes(1_000);
            }
            assertThat(after.forwarded("results")).isNotEmpty();
        }
    }
}
