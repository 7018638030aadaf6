package dev.semel.windowing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.windowing.watermark.WatermarkStrategy;
import java.time.Duration;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.kstream.WindowedSerdes;
import org.junit.jupiter.api.Test;

/**
 * Windows in an application that gets its {@code StreamsBuilder} injected, as with Spring's {@code StreamsBuilderFactoryBean} and {@code
 * EnableKafkaStreams}: nothing here is made by the library, and nothing has to be closed.
 */
class SpringBeanExampleTest {

    // tag::bean[]
    /** In an application, annotated {@code Configuration} and {@code EnableKafkaStreams}. */
    static class VolumeConfiguration {

        /** In an application, annotated {@code Bean}. */
        KStream<Windowed<String>, Long> volume(StreamsBuilder builder) {
            var trades = builder.stream("trades", Consumed.with(Serdes.String(), Serdes.String()));
            var minutes = EventTimeWindows.of(trades, Grouped.with("volume", Serdes.String(), Serdes.String()))
                    .tumbling(Duration.ofMinutes(1))
                    .sources(SourceExtractor.header("ce_source"))
                    .watermarks(WatermarkStrategy.boundedOutOfOrderness(Duration.ofSeconds(10)))
                    .allowedLateness(Duration.ofSeconds(30))
                    .count();
            minutes.late().to("trades-late", Produced.with(Serdes.String(), Serdes.String()));
            minutes.results()
                    .to(
                            "volume-per-minute",
                            Produced.with(WindowedSerdes.timeWindowedSerdeFrom(String.class, 60_000), Serdes.Long()));
            return minutes.results();
        }
    }
    // end::bean[]

    @Test
    void theBeanBuildsItsPartOfTheTopology() {
        var builder = new StreamsBuilder();
        new VolumeConfiguration().volume(builder);
        assertThat(builder.build().describe().toString())
                .contains("volume-results", "trades-late", "volume-per-minute");
    }
}
