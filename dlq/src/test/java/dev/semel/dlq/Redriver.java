package dev.semel.dlq;

import dev.semel.core.EventProcessor;
import dev.semel.core.EventProcessorBuilder;
import dev.semel.core.KafkaClients;
import dev.semel.core.event.EventSerde;
import dev.semel.core.failure.FailureClass;
import dev.semel.core.failure.RetryPolicy;
import dev.semel.testkit.FaultInjection;
import dev.semel.testkit.FaultInjection.Fault;
import dev.semel.testkit.FaultInjection.Moment;
import dev.semel.testkit.FaultInjection.Step;
import dev.semel.testkit.JavaProcess;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.Serdes;

/**
 * A process that redrives all open letters of its group, as one in which their fault is mended, and is killed at a point of that: by its
 * producer, or by a record. Where it survives, it says so, and runs on.
 */
final class Redriver {

    /** At which step it is killed. */
    enum Point {
        NEVER,
        BEFORE_OFFSETS,
        BEFORE_COMMIT,
        DURING_COMMIT,
        AFTER_COMMIT
    }

    static final String DONE = "all is redriven";

    static final String GIVEN_UP = "only what kills is left";

    /** The handler ends the process at this value. */
    static final String DEADLY = "deadly";

    /** Where it works. */
    record Place(String servers, String group, String input, String output, String letters) {}

    private Redriver() {}

    static JavaProcess start(Place place, Point point, int occurrence) {
        return JavaProcess.of(Redriver.class)
                .args(
                        place.servers(),
                        place.group(),
                        place.input(),
                        place.output(),
                        place.letters(),
                        point.name(),
                        Integer.toString(occurrence))
                .start();
    }

    public static void main(String[] args) throws Exception {
        var place = new Place(args[0], args[1], args[2], args[3], args[4]);
        var letters = keeping();
        var clients = new KafkaClients() {
            @Override
            public Producer<byte[], byte[]> producer(Map<String, Object> config) {
                Producer<byte[], byte[]> producer = KafkaClients.super.producer(config);
                return FaultInjection.producer(
                        producer, fault(Point.valueOf(args[5]), Integer.parseInt(args[6]), producer));
            }
        };
        try (var processor = processor(place, letters)
                .clients(clients)
                .handler((event, context) -> {
                    if (event.value().endsWith(DEADLY)) {
                        Runtime.getRuntime().halt(FaultInjection.HALTED);
                    }
                    context.send(place.output(), event.key(), event.value());
                })
                .build()) {
            processor.start();
            boolean hasRedriven = false;
            while (!hasRedriven || !letters.letters().isEmpty()) {
                List<String> open = letters.letters().stream()
                        .filter(letter -> letter.state() == LetterState.OPEN)
                        .filter(letter -> !FailureClass.PROCESS_DIED.equals(letter.failureClass()))
                        .map(LetterStatus::id)
                        .toList();
                if (!open.isEmpty()) {
                    letters.redrive(open, "a test").get(60, TimeUnit.SECONDS);
                    hasRedriven = true;
                } else if (Keeping.states(letters).equals("{OPEN=1, WAITING=1}")) {
                    System.out.println(GIVEN_UP);
                }
                TimeUnit.MILLISECONDS.sleep(20);
            }
            System.out.println(DONE);
            new CountDownLatch(1).await();
        }
    }

    /** Fails often with the same fault, for which nothing is to be parked here. */
    static DeadLetters keeping() {
        return DeadLetters.builder().parkAfterSameFault(1_000).build();
    }

    /** Lacks its handler. One instance, which takes its partitions over at once after it was killed. */
    static EventProcessorBuilder<String, String> processor(Place place, DeadLetters letters) {
        return EventProcessor.<String, String>builder()
                .kafka(Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, place.servers()))
                .group(place.group())
                .instance("one")
                .topics(place.input())
                .events(EventSerde.of(Serdes.String(), Serdes.String()))
                .participant(letters)
                .commitInterval(Duration.ofMillis(20))
                .onFailure(RetryPolicy.never().thenDeadLetter(place.letters()));
    }

    private static Fault fault(Point point, int at, Producer<byte[], byte[]> producer) {
        return switch (point) {
            case NEVER -> (step, moment, occurrence) -> {};
            case BEFORE_OFFSETS -> {
                Fault halt = FaultInjection.halt(Step.SEND_OFFSETS, Moment.BEFORE, at);
                yield (step, moment, occurrence) -> {
                    if (step == Step.SEND_OFFSETS && moment == Moment.BEFORE && occurrence == at) {
                        // What is still in the client's buffer would prove nothing.
                        producer.flush();
                    }
                    halt.at(step, moment, occurrence);
                };
            }
            case BEFORE_COMMIT -> FaultInjection.halt(Step.COMMIT, Moment.BEFORE, at);
            case DURING_COMMIT -> FaultInjection.haltDuring(Step.COMMIT, at, Duration.ofMillis(2));
            case AFTER_COMMIT -> FaultInjection.halt(Step.COMMIT, Moment.AFTER, at);
        };
    }
}
