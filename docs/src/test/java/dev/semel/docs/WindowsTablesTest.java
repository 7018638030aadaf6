package dev.semel.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.docs.pictures.Picture;
import dev.semel.windowing.EventTimeWindows;
import dev.semel.windowing.WindowHeaders;
import dev.semel.windowing.Windowing;
import dev.semel.windowing.engine.Rejection;
import dev.semel.windowing.watermark.SourceKind;
import dev.semel.windowing.watermark.WatermarkStrategy;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.kstream.Grouped;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tables and pictures of docs/windows.md are complete and true. */
class WindowsTablesTest {

    private static final String WRITE = "semel.pictures.write";

    private static final Page PAGE = Page.read("docs/windows.md");

    @TempDir
    private Path directory;

    /** What is said before something is computed; what is computed is not a setting. */
    private static Set<String> settings(Class<?> builder) {
        return Arrays.stream(builder.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()) && !method.isSynthetic())
                .filter(method -> method.getReturnType() != boolean.class)
                .map(Method::getName)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void everySettingOfWindowsIsInTheTable() {
        Set<String> expected = settings(Windowing.class);
        expected.add("rekey");
        assertThat(settings(EventTimeWindows.class)).contains("rekey");
        assertThat(names("Settings of windows")).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void everySettingOfAWatermarkStrategyIsInTheTable() {
        Set<String> expected = settings(WatermarkStrategy.class).stream()
                .filter(name -> name.startsWith("with") || name.equals("boundedOutOfOrderness"))
                .collect(Collectors.toSet());
        assertThat(names("Settings of a watermark strategy")).containsExactlyInAnyOrderElementsOf(expected);
    }

    private static List<String> names(String heading) {
        return PAGE.firstColumn(heading).stream()
                .map(call -> call.substring(0, call.indexOf('(')))
                .toList();
    }

    @Test
    void defaultsOfWindowsAreThoseOfTheCode() throws ReflectiveOperationException {
        var windows = EventTimeWindows.of(
                new StreamsBuilder().<String, String>stream("events"),
                Grouped.with("windows", Serdes.String(), Serdes.String()));
        assertThat(Defaults.of(PAGE, "Settings of windows"))
                .containsEntry("offset", "zero")
                .containsEntry("missingSource", Defaults.of(windows, "missingSource"))
                .containsEntry("allowedLateness", Defaults.of(windows, "lateness"))
                .containsEntry("resultsPerCall", Defaults.of(windows, "resultsPerCall"))
                .containsEntry("heap", "64 MB");
        assertThat(Defaults.of(windows, "heapBytes")).isEqualTo(Defaults.text(64L << 20));
        assertThat(Defaults.of(windows, "writing")).isEqualTo("`THROUGH`");
        for (String none : List.of("futureBound", "timestamps", "lag")) {
            assertThat(Defaults.of(windows, none)).as(none).isEqualTo("null");
        }
        assertThat(String.join(" ", PAGE.lines()))
                .contains("at most " + Defaults.of(windows, "resultsPerCall") + " results (`resultsPerCall`)")
                .contains("64 MB for each task (`heap(bytes)`)");
    }

    @Test
    void defaultsOfAWatermarkStrategyAreThoseOfTheCode() {
        WatermarkStrategy strategy = WatermarkStrategy.boundedOutOfOrderness(Duration.ZERO);
        assertThat(Defaults.of(PAGE, "Settings of a watermark strategy"))
                .containsEntry("withIdleness", strategy.idleness().isEmpty() ? "never" : "not so")
                .containsEntry(
                        "withReturningSource",
                        Defaults.text(strategy.returningSource(SourceKind.PARTITION)) + " for partitions, "
                                + Defaults.text(strategy.returningSource(SourceKind.ID)) + " for ids")
                .containsEntry("withFlushWhenAllIdle", strategy.isFlushing() ? "on" : "off")
                .containsEntry("withMaxDrift", strategy.maxDrift().isEmpty() ? "none" : "not so")
                .containsEntry(
                        "withMaxSources",
                        Defaults.text(strategy.maxSources()) + ", " + Defaults.text(strategy.sourceLimit()))
                .containsEntry("withTicks", Defaults.text(strategy.ticks()))
                .containsEntry("withWallClockAdvance", strategy.isWallClockAdvance() ? "on" : "off");
    }

    @Test
    void everyReasonToRejectIsInTheTable() {
        assertThat(PAGE.firstColumn("Rejected records"))
                .containsExactlyElementsOf(
                        Stream.of(Rejection.values()).map(Enum::name).toList());
    }

    @Test
    void everyHeaderIsInTheTable() throws IllegalAccessException {
        var expected = new TreeSet<String>();
        for (var field : WindowHeaders.class.getFields()) {
            expected.add((String) field.get(null));
        }
        assertThat(PAGE.firstColumn("Headers")).containsExactlyInAnyOrderElementsOf(expected);
    }

    /** Those for the reasons to reject are in one row. */
    @Test
    void everyMetricIsInTheTableAsItIsDescribed() {
        var config = new Properties();
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, "metrics");
        config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "nobody:1");
        config.put(StreamsConfig.STATE_DIR_CONFIG, directory.toString());
        config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        try (var driver = new TopologyTestDriver(WindowsEmbeddedTest.counts("trades", true), config)) {
            driver.createInputTopic(
                            "trades", new StringSerializer(), Trade.serde().serializer())
                    .pipeInput("ACME", Trade.of(1, 5), Trade.MINUTE);
            driver.advanceWallClockTime(Duration.ofSeconds(1));
            var expected = driver.metrics().keySet().stream()
                    .filter(metric -> metric.group().equals("semel-windowing"))
                    .filter(metric -> !isOfAReason(metric))
                    .map(metric -> List.of("`" + metric.name() + "`", metric.description()))
                    .toList();
            assertThat(PAGE.table("Metrics").stream().filter(row -> !row.get(0).contains("<reason>")))
                    .containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    private static boolean isOfAReason(MetricName metric) {
        return Stream.of(Rejection.values())
                .map(reason ->
                        "rejected-" + reason.name().toLowerCase(Locale.ROOT).replace('_', '-') + "-total")
                .anyMatch(metric.name()::equals);
    }

    static List<Picture> pictures() {
        return Picture.all();
    }

    @ParameterizedTest
    @MethodSource("pictures")
    void thePictureIsWhatTheEngineDoes(Picture picture) throws IOException {
        Path file = Page.PROJECT.resolve("docs").resolve(picture.file());
        if (Boolean.getBoolean(WRITE)) {
            Files.writeString(file, picture.svg());
        }
        assertThat(Files.readString(file))
                .as("if the engine is right, write it anew with -D" + WRITE + "=true")
                .isEqualTo(picture.svg());
    }

    @ParameterizedTest
    @MethodSource("pictures")
    void thePageSaysWhatThePictureShows(Picture picture) {
        String text = String.join(" ", PAGE.lines());
        assertThat(text).contains("![" + picture.alternative() + "](" + picture.file() + ")");
        assertThat(picture.facts()).allSatisfy(fact -> assertThat(text).contains(fact));
    }

    /** One ink, and letters that are large enough. */
    @ParameterizedTest
    @MethodSource("pictures")
    void thePictureNeedsNoColoursAndNoGlasses(Picture picture) {
        assertThat(picture.svg()).contains("<title>", "<desc>");
        assertThat(Pattern.compile("#[0-9a-f]{6}")
                        .matcher(picture.svg())
                        .results()
                        .map(colour -> colour.group())
                        .distinct())
                .hasSize(2);
        assertThat(Pattern.compile("font-size=\"(\\d+)\"")
                        .matcher(picture.svg())
                        .results()
                        .map(size -> Integer.parseInt(size.group(1))))
                .isNotEmpty()
                .allSatisfy(size -> assertThat(size).isGreaterThanOrEqualTo(16));
    }
}
