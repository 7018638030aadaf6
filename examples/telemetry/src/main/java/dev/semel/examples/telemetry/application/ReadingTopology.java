package dev.semel.examples.telemetry.application;

import dev.semel.examples.telemetry.reading.LineReader;
import dev.semel.examples.telemetry.reading.Reading;
import dev.semel.windowing.EventTimeWindows;
import dev.semel.windowing.SourceExtractor;
import dev.semel.windowing.WindowedStreams;
import dev.semel.windowing.engine.MissingSource;
import dev.semel.windowing.watermark.SourceLimit;
import dev.semel.windowing.watermark.WatermarkStrategy;
import java.time.Duration;
import java.util.Objects;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.WindowedSerdes;

/**
 * The topology: lines are read; windows take those that are readings; results, late and rejected lines go to a topic each.
 *
 * <pre>
 * lines ---&gt; intake ---&gt; windows ---&gt; results
 *              |            '-------&gt; late
 *              '--------------------&gt; rejected
 * </pre>
 *
 * <p>Windows count what they reject, and hand on none of it. So the intake copies to the topic what the windows are about to reject; if
 * the two were not of one mind, the books would not balance.
 */
public final class ReadingTopology {

    static final int MOST_SOURCES = 100_000;

    private ReadingTopology() {}

    /** Builds it. */
    public static Topology build(ApplicationSettings settings) {
        var builder = new StreamsBuilder();
        Names names = settings.names();
        var reader = new LineReader(settings.format());
        Duration futureBound = settings.futureBound();
        KStream<String, Judged> judged = builder.stream(
                        names.lines(),
                        Consumed.with(Serdes.ByteArray(), Serdes.ByteArray()).withName("lines"))
                .process(() -> new Intake(reader, futureBound), Named.as("intake"));
        judged.filter((key, line) -> line.reason() != null, Named.as("to-be-rejected"))
                .mapValues(Judged::line, Named.as("rejected-lines"))
                .to(
                        names.rejected(),
                        Produced.<String, byte[]>as("rejected")
                                .withKeySerde(Serdes.String())
                                .withValueSerde(Serdes.ByteArray()));

        KStream<String, Judged> readings = judged.filter((key, line) -> line.reading() != null, Named.as("readable"));
        WindowedStreams<String, Judged, Summary> windows = windows(readings, settings);
        windows.results()
                .to(
                        names.results(),
                        Produced.with(
                                        WindowedSerdes.timeWindowedSerdeFrom(String.class, settings.windowMillis()),
                                        JsonSerde.of(Summary.class))
                                .withName("results"));
        windows.late()
                .mapValues(Judged::line, Named.as("late-lines"))
                .to(
                        names.late(),
                        Produced.<String, byte[]>as("late")
                                .withKeySerde(Serdes.String())
                                .withValueSerde(Serdes.ByteArray()));
        return builder.build();
    }

    private static WindowedStreams<String, Judged, Summary> windows(
            KStream<String, Judged> readings, ApplicationSettings settings) {
        WatermarkStrategy strategy = WatermarkStrategy.boundedOutOfOrderness(settings.disorder())
                .withTicks(Duration.ofMillis(250))
                // One source more is no reason to reject, which the intake could not foresee.
                .withMaxSources(MOST_SOURCES, SourceLimit.MERGE);
        if (settings.idlenessMillis() > 0) {
            strategy = strategy.withIdleness(Duration.ofMillis(settings.idlenessMillis()));
        }
        Serde<Summary> summaries = JsonSerde.of(Summary.class);
        return EventTimeWindows.of(
                        readings, Grouped.<String, Judged>as(Names.WINDOWS).withKeySerde(Serdes.String()))
                .tumbling(settings.window())
                .sources(SourceExtractor.value((key, line) -> reading(line).source()))
                .declare(settings.declared().toArray(String[]::new))
                .missingSource(MissingSource.REJECT)
                .watermarks(strategy)
                .allowedLateness(settings.lateness())
                .timestamps((key, line) -> reading(line).time())
                .futureGuard(settings.futureBound())
                .aggregate(
                        () -> Summary.NONE,
                        (key, line, summary) -> summary.plus(reading(line)),
                        Materialized.with(Serdes.String(), summaries));
    }

    private static Reading reading(Judged line) {
        return Objects.requireNonNull(line.reading(), "what cannot be read does not come here");
    }
}
