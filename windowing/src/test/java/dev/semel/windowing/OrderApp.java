package dev.semel.windowing;

import dev.semel.testkit.JavaProcess;
import dev.semel.testkit.TestKafka;
import dev.semel.windowing.WindowingApp.CrashPoint;
import dev.semel.windowing.sequence.GapPolicy;
import dev.semel.windowing.watermark.WatermarkStrategy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Produced;

/** An application that puts records in order, in a process of its own, which dies where it is told to. */
public final class OrderApp {

    static final Duration DISORDER = Duration.ofMillis(300);
    static final int MOST_WAITING = 4;
    static final Duration GAP = Duration.ofSeconds(2);

    private OrderApp() {}

    /** What it does. */
    enum Kind {
        /** By time, with sources in a header, slowly. */
        SORT,
        /** By the number that the value is, slowly; gaps end by count. */
        SEQUENCE,
        /** By the number that the value is; gaps end by time. */
        SEQUENCE_BY_TIME,
        /** By the number that the value begins with; what is behind a gap is held. */
        SEQUENCE_HELD
    }

    /** The topics of one application. */
    record Topics(TestKafka kafka, String application, String in, String ordered, String other) {

        static Topics of(TestKafka kafka) {
            return new Topics(
                    kafka, kafka.group("order"), kafka.topic("in"), kafka.topic("ordered"), kafka.topic("other"));
        }
    }

    static JavaProcess start(Topics topics, Kind kind, Path stateDirectory, CrashPoint point, String heap) {
        return JavaProcess.of(OrderApp.class)
                .args(
                        topics.kafka().bootstrapServers(),
                        topics.application(),
                        topics.in(),
                        topics.ordered(),
                        topics.other(),
                        stateDirectory.toString(),
                        kind.name(),
                        point.name())
                .jvmArgs(heap)
                .start();
    }

    public static void main(String[] args) {
        Kind kind = Kind.valueOf(args[6]);
        Properties config = WindowingApp.config(args[0], args[1], Path.of(args[5]));
        if (kind == Kind.SEQUENCE_HELD) {
            // As it is by default: what a call releases is in one transaction, and these records are large.
            config.put(StreamsConfig.producerPrefix("transaction.timeout.ms"), 10_000);
        }
        var streams = new KafkaStreams(
                kind == Kind.SORT ? sorting(args[2], args[3], args[4]) : sequencing(args[2], args[3], args[4], kind),
                config,
                WindowingApp.crashingAt(CrashPoint.valueOf(args[7])));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> streams.close(Duration.ofSeconds(20))));
        streams.start();
    }

    private static KStream<String, String> read(StreamsBuilder builder, String in, boolean isSlow) {
        KStream<String, String> stream = builder.stream(in, Consumed.with(Serdes.String(), Serdes.String()));
        // Long enough for the input to take many transactions.
        return isSlow ? stream.peek((key, value) -> sleepOneMillisecond()) : stream;
    }

    private static Topology sorting(String in, String ordered, String late) {
        var builder = new StreamsBuilder();
        SortedStreams<String, String> streams = EventTimeSorter.of(
                        read(builder, in, true), Grouped.with("sorter", Serdes.String(), Serdes.String()))
                .sources(SourceExtractor.header("source"))
                .declare("a", "b")
                .watermarks(WatermarkStrategy.boundedOutOfOrderness(DISORDER))
                // Releasing takes more than one turn.
                .resultsPerCall(3)
                .sort();
        streams.sorted().to(ordered, Produced.with(Serdes.String(), Serdes.String()));
        streams.late().to(late, Produced.with(Serdes.String(), Serdes.String()));
        return builder.build();
    }

    private static Topology sequencing(String in, String ordered, String duplicates, Kind kind) {
        var builder = new StreamsBuilder();
        boolean isByCount = kind == Kind.SEQUENCE;
        Resequencer<String, String> resequencer = Resequencer.of(
                        read(builder, in, isByCount), Grouped.with("sequencer", Serdes.String(), Serdes.String()))
                .sequence((key, value) -> Long.parseLong(value.split(" ", 2)[0]))
                .firstExpected(0);
        ResequencedStreams<String, String> streams = (kind == Kind.SEQUENCE_HELD
                        ? resequencer.onGap(GapPolicy.HOLD)
                        : resequencer
                                .gapBound(isByCount ? Duration.ofDays(1) : GAP, MOST_WAITING)
                                .onGap(GapPolicy.EMIT))
                .resequence();
        streams.resequenced().to(ordered, Produced.with(Serdes.String(), Serdes.String()));
        streams.duplicates().to(duplicates, Produced.with(Serdes.String(), Serdes.String()));
        return builder.build();
    }

    private static void sleepOneMillisecond() {
        try {
            TimeUnit.MILLISECONDS.sleep(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
