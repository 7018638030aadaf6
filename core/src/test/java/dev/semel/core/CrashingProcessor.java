package dev.semel.core;

import dev.semel.core.event.EventSerde;
import dev.semel.core.failure.RetryPolicy;
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
import org.jspecify.annotations.Nullable;

/** A processor in a process of its own, which dies where it is told to. */
public final class CrashingProcessor {

    static final int KILLED = 137;
    static final int ATTEMPTS = 2;

    private static final int TRANSACTION = 3;

    /** The value of a record whose handler ends the process. */
    static final String DEADLY = "deadly";

    private CrashingProcessor() {}

    /** One that dies at this point of its third transaction, or none. */
    static JavaProcess start(Processing processing, @Nullable CrashPoint point) {
        return start(processing, "one", point == null ? "none" : point.name());
    }

    /** One with this name as a member, or without any. */
    static JavaProcess start(Processing processing, @Nullable String instance) {
        return start(processing, instance == null ? "" : instance, "none");
    }

    private static JavaProcess start(Processing processing, String instance, String point) {
        return JavaProcess.of(CrashingProcessor.class)
                .args(
                        processing.kafka.bootstrapServers(),
                        processing.group,
                        processing.input,
                        processing.output,
                        processing.letters,
                        instance,
                        point)
                .start();
    }

    public static void main(String[] args) throws Exception {
        String output = args[3];
        var builder = EventProcessor.<String, String>builder();
        if (!args[5].isEmpty()) {
            builder.instance(args[5]);
        }
        var processor = builder.kafka(Map.of("bootstrap.servers", args[0], "consumer.max.poll.records", 20))
                .group(args[1])
                .topics(args[2])
                .events(EventSerde.of(Serdes.String(), Serdes.String()))
                .onFailure(RetryPolicy.fixed(Duration.ofMillis(1))
                        .maxAttempts(ATTEMPTS)
                        .thenDeadLetter(args[4]))
                .commitInterval(Duration.ofMillis(10))
                .clients(crashingAt(args[6]))
                .handler((event, context) -> {
                    if (event.value().equals(DEADLY)) {
                        Runtime.getRuntime().halt(KILLED);
                    }
                    // Long enough for the input to take many transactions.
                    TimeUnit.MILLISECONDS.sleep(1);
                    // One key for all records of a partition, so that the order of its outputs can be seen.
                    String partition = Integer.toString(event.position().partition());
                    context.send(output, partition, event.value());
                    if (isPoison(event.value())) {
                        throw new IllegalStateException("poison");
                    }
                })
                .build();
        Runtime.getRuntime().addShutdownHook(new Thread(processor::close));
        processor.start();
        processor.awaitTermination();
    }

    static boolean isPoison(String value) {
        return !value.equals(DEADLY) && Integer.parseInt(value) % 97 == 7;
    }

    private static KafkaClients crashingAt(String point) {
        return new KafkaClients() {
            @Override
            public Producer<byte[], byte[]> producer(Map<String, Object> config) {
                Producer<byte[], byte[]> producer = KafkaClients.super.producer(config);
                return point.equals("none")
                        ? producer
                        : FaultInjection.producer(producer, fault(CrashPoint.valueOf(point), producer));
            }
        };
    }

    private static Fault fault(CrashPoint point, Producer<byte[], byte[]> producer) {
        return switch (point) {
            case BETWEEN_SEND_AND_OFFSETS -> {
                Fault halt = FaultInjection.halt(Step.SEND_OFFSETS, Moment.BEFORE, TRANSACTION);
                yield (step, moment, occurrence) -> {
                    if (step == Step.SEND_OFFSETS && moment == Moment.BEFORE && occurrence == TRANSACTION) {
                        // What is still in the client's buffer would prove nothing.
                        producer.flush();
                    }
                    halt.at(step, moment, occurrence);
                };
            }
            case BETWEEN_OFFSETS_AND_COMMIT -> FaultInjection.halt(Step.COMMIT, Moment.BEFORE, TRANSACTION);
            case WHILE_COMMITTING -> FaultInjection.haltDuring(Step.COMMIT, TRANSACTION, Duration.ofMillis(2));
            case AFTER_COMMIT -> FaultInjection.halt(Step.COMMIT, Moment.AFTER, TRANSACTION);
        };
    }
}
