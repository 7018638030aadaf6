package dev.semel.examples.benchmarks.contestant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.examples.benchmarks.workload.Load;
import dev.semel.examples.benchmarks.workload.OutputCheck;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.time.Duration;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every contestant does what is measured: each record once and in the order of its key. How fast is not asserted. */
@KafkaTest
class KindIT {

    private static final int RECORDS = 3_000;
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    static Stream<Kind> those() {
        return Stream.of(Kind.values()).filter(Kind::movesRecords);
    }

    @ParameterizedTest
    @MethodSource("those")
    void handlesEachRecordOnceAndInOrderAndCommitsTheEnd(Kind kind, TestKafka kafka) throws Exception {
        String input = kafka.topic("input", Load.PARTITIONS);
        String output = kafka.topic("output", Load.PARTITIONS);
        var load = new Load(input);
        kafka.send(IntStream.range(0, RECORDS).mapToObj(i -> load.next(0)).toList());
        var settings = new Settings(
                kind,
                kafka.bootstrapServers(),
                input,
                output,
                kafka.group(kind.id()),
                Duration.ZERO,
                Duration.ofMillis(100),
                RECORDS,
                Duration.ZERO);
        var meter = new Meter(settings.handler());

        CommittedEnd end = CommittedEnd.of(kafka.admin(), settings);
        try (Contestant contestant = kind.construct(settings, meter)) {
            contestant.start();
            end.await(DEADLINE);
        }

        assertThat(meter.handled()).isEqualTo(RECORDS);
        var check = new OutputCheck();
        kafka.readCommitted(output, RECORDS, DEADLINE).forEach(check::see);
        assertThat(check.verdict(RECORDS)).hasToString("exact");
    }
}
