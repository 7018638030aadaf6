package dev.semel.dlq;

import dev.semel.testkit.FaultInjection;
import dev.semel.testkit.FaultInjection.Moment;
import dev.semel.testkit.FaultInjection.Step;
import dev.semel.testkit.JavaProcess;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A redrive in a process of its own, which dies at a step of its producer. */
public final class KilledRedrive {

    private KilledRedrive() {}

    static JavaProcess start(String bootstrapServers, String letters, Step step, Moment moment, int occurrence) {
        return JavaProcess.of(KilledRedrive.class)
                .args(bootstrapServers, letters, step.name(), moment.name(), Integer.toString(occurrence))
                .start();
    }

    public static void main(String[] args) {
        var fault = FaultInjection.halt(Step.valueOf(args[2]), Moment.valueOf(args[3]), Integer.parseInt(args[4]));
        try (var reprocessor = DeadLetterReprocessor.builder(Map.of("bootstrap.servers", args[0]), args[1])
                .producers(config -> FaultInjection.producer(
                        new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer()), fault))
                .open()) {
            // Some transactions, however quick the machine is.
            reprocessor.select(LetterFilter.all()).ratePerSecond(2_000).redrive();
        }
    }
}
