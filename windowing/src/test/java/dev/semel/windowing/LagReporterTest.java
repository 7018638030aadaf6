package dev.semel.windowing;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.semel.windowing.watermark.InputLag;
import dev.semel.windowing.watermark.WatermarkStrategy;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.function.Consumer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Produced;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Where it has to be named, and what is said where it is not. */
class LagReporterTest {

    private static final String NAME = LagReporter.class.getName();

    @ParameterizedTest
    @DisplayName("it is named where the consumer that reads the input looks, beside the reporters that are there")
    @CsvSource({
        "client.id, consumer.metric.reporters, org.apache.kafka.common.metrics.JmxReporter",
        "metric.reporters, consumer.metric.reporters, x",
        "consumer.metric.reporters, consumer.metric.reporters, x",
        "main.consumer.metric.reporters, main.consumer.metric.reporters, x"
    })
    void namedBesideOthers(String given, String setting, String others) {
        var settings = new Properties();
        settings.put(given, "x");
        LagReporter.addTo(settings);
        assertThat(settings).containsEntry(setting, others + "," + NAME);
    }

    @Test
    @DisplayName("it is named once, however often it is added")
    void namedOnce() {
        var settings = new Properties();
        settings.put("main.consumer.metric.reporters", List.of("x", NAME));
        LagReporter.addTo(settings);
        LagReporter.addTo(settings);
        assertThat(settings).containsEntry("main.consumer.metric.reporters", List.of("x", NAME));
    }

    @ParameterizedTest
    @ValueSource(strings = {"w", "w-rekey", "o"})
    @DisplayName("a task whose lag has been unknown for as long as the idleness says so once")
    void unknownLag(String operator) {
        assertThat(warnings(operator, null))
                .hasSize(1)
                .first()
                .asString()
                .contains(operator + ", task 0_0", "events-0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"w", "w-rekey", "o"})
    @DisplayName("nothing is said where the application tells the lag itself")
    void givenLag(String operator) {
        assertThat(warnings(operator, InputLag.none())).isEmpty();
    }

    private static List<String> warnings(String operator, @Nullable InputLag lag) {
        var builder = new StreamsBuilder();
        KStream<String, String> events = builder.stream("events", Consumed.with(Serdes.String(), Serdes.String()));
        WatermarkStrategy strategy =
                WatermarkStrategy.boundedOutOfOrderness(Duration.ZERO).withIdleness(Duration.ofSeconds(3));
        if (operator.equals("o")) {
            var sorter = EventTimeSorter.of(events, Grouped.with("o", Serdes.String(), Serdes.String()))
                    .watermarks(strategy);
            if (lag != null) {
                sorter.lag(lag);
            }
            var streams = sorter.sort();
            streams.sorted().to("results", Produced.with(Serdes.String(), Serdes.String()));
            streams.late().to("late", Produced.with(Serdes.String(), Serdes.String()));
        } else {
            var windows = EventTimeWindows.of(events, Grouped.with("w", Serdes.String(), Serdes.String()))
                    .tumbling(Duration.ofMillis(10))
                    .watermarks(strategy);
            if (lag != null) {
                windows.lag(lag);
            }
            WindowsDriver.write(
                    operator.equals("w")
                            ? windows.count()
                            : windows.rekey((key, value) -> key, Serdes.String())
                                    .count());
        }
        try (var driver = WindowsDriver.of(WindowsDriver.config(), builder.build())) {
            return logged(log -> {
                driver.send(5);
                for (int second = 0; second < 3; second++) {
                    driver.passes(Duration.ofSeconds(1));
                }
                assertThat(log)
                        .as("when two seconds have gone by since it was asked for first")
                        .isEmpty();
                for (int second = 0; second < 9; second++) {
                    driver.passes(Duration.ofSeconds(1));
                }
            });
        }
    }

    private static List<String> logged(Consumer<List<ILoggingEvent>> run) {
        var logger = (Logger) LoggerFactory.getLogger("dev.semel.windowing.internal.streams.LagWatch");
        var appender = new ListAppender<ILoggingEvent>();
        appender.start();
        logger.addAppender(appender);
        try {
            run.accept(appender.list);
        } finally {
            logger.detachAppender(appender);
        }
        return appender.list.stream()
                .filter(event -> event.getLevel() == Level.WARN)
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }
}
