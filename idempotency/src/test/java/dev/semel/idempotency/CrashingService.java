package dev.semel.idempotency;

import dev.semel.core.EventProcessor;
import dev.semel.core.KafkaClients;
import dev.semel.core.event.EventSerde;
import dev.semel.testkit.FaultInjection;
import dev.semel.testkit.FaultInjection.Fault;
import dev.semel.testkit.FaultInjection.Moment;
import dev.semel.testkit.FaultInjection.Step;
import dev.semel.testkit.JavaProcess;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.Serdes;

/** A service that answers orders, in a process of its own, which dies where it is told to. */
public final class CrashingService {

    private static final int TRANSACTION = 3;

    /** Where in its third transaction it dies. */
    enum Point {
        /** Outputs and marks are at the broker; the offsets are not. */
        BEFORE_OFFSETS,
        /** All is at the broker; the commit was not asked for. */
        BEFORE_COMMIT,
        /** The commit was asked for; whether it came about, the process does not live to hear. */
        WHILE_COMMITTING,
        /** The commit was answered, and nothing was made of the answer. */
        AFTER_COMMIT,
        NEVER
    }

    private CrashingService() {}

    static JavaProcess start(Orders orders, Point point) {
        return JavaProcess.of(CrashingService.class)
                .args(orders.kafka.bootstrapServers(), orders.group, orders.input, orders.output, point.name())
                .start();
    }

    public static void main(String[] args) throws Exception {
        var processor = EventProcessor.<String, String>builder()
                .kafka(Map.of("bootstrap.servers", args[0], "consumer.max.poll.records", 50))
                .group(args[1])
                .instance("one")
                .topics(args[2])
                .events(EventSerde.of(Serdes.String(), Serdes.String()))
                .participant(Idempotency.with(KafkaIdempotencyStore.retaining(Duration.ofDays(7))))
                .commitInterval(Duration.ofMillis(10))
                .clients(crashingAt(Point.valueOf(args[4])))
                .handler((event, context) -> {
                    // Long enough for the input to take many transactions.
                    TimeUnit.MILLISECONDS.sleep(1);
                    context.send(args[3], event.key(), event.value());
                })
                .build();
        Runtime.getRuntime().addShutdownHook(new Thread(processor::close));
        processor.start();
        processor.awaitTermination();
    }

    private static KafkaClients crashingAt(Point point) {
        return new KafkaClients() {
            @Override
            public Producer<byte[], byte[]> producer(Map<String, Object> config) {
                Producer<byte[], byte[]> producer = KafkaClients.super.producer(config);
                return point == Point.NEVER ? producer : FaultInjection.producer(producer, fault(point, producer));
            }
        };
    }

    private static Fault fault(Point point, Producer<byte[], byte[]> producer) {
        return switch (point) {
            case BEFORE_OFFSETS -> beforeOffsets(producer);
            case BEFORE_COMMIT -> FaultInjection.halt(Step.COMMIT, Moment.BEFORE, TRANSACTION);
            case WHILE_COMMITTING -> FaultInjection.haltDuring(Step.COMMIT, TRANSACTION, Duration.ofMillis(2));
            case AFTER_COMMIT -> FaultInjection.halt(Step.COMMIT, Moment.AFTER, TRANSACTION);
            case NEVER -> (step, moment, occurrence) -> {};
        };
    }

    private static Fault beforeOffsets(Producer<byte[], byte[]> producer) {
        Fault halt = FaultInjection.halt(Step.SEND_OFFSETS, Moment.BEFORE, TRANSACTION);
        return (step, moment, occurrence) -> {
            if (step == Step.SEND_OFFSETS && moment == Moment.BEFORE && occurrence == TRANSACTION) {
                // What is still in the client's buffer would prove nothing.
                producer.flush();
            }
            halt.at(step, moment, occurrence);
        };
    }
}
