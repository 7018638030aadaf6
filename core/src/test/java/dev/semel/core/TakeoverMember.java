package dev.semel.core;

import dev.semel.core.event.EventSerde;
import dev.semel.core.failure.RetryPolicy;
import dev.semel.testkit.FaultInjection;
import dev.semel.testkit.FaultInjection.Moment;
import dev.semel.testkit.FaultInjection.Step;
import dev.semel.testkit.JavaProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.Serdes;
import org.jspecify.annotations.Nullable;

/** A member of a group in a process of its own, which can be told to stand still with its transaction open, to be killed there. */
public final class TakeoverMember {

    /** What it says when it stands still. */
    static final String STANDS_STILL = "stands still with a transaction open";

    /** The transaction, of this member, after whose offsets it does. */
    private static final int TRANSACTION = 3;

    private TakeoverMember() {}

    /**
     * Starts one.
     *
     * @param instance its name; null for none
     * @param standsStill whether it does, in its third transaction, when outputs and offsets are at the broker
     * @param config for its clients, beside what every member has
     */
    static JavaProcess start(
            Processing processing, @Nullable String instance, boolean standsStill, Map<String, String> config) {
        List<String> args = new ArrayList<>(List.of(
                processing.kafka.bootstrapServers(),
                processing.group,
                processing.input,
                processing.output,
                processing.letters,
                instance == null ? "" : instance,
                Boolean.toString(standsStill)));
        config.forEach((name, value) -> args.add(name + "=" + value));
        return JavaProcess.of(TakeoverMember.class)
                .args(args.toArray(String[]::new))
                .start();
    }

    public static void main(String[] args) throws Exception {
        Map<String, Object> config = new HashMap<>(Map.of("bootstrap.servers", args[0]));
        for (int i = 7; i < args.length; i++) {
            String[] setting = args[i].split("=", 2);
            config.put(setting[0], setting[1]);
        }
        var builder = EventProcessor.<String, String>builder();
        if (!args[5].isEmpty()) {
            builder.instance(args[5]);
        }
        var processor = builder.kafka(config)
                .group(args[1])
                .topics(args[2])
                .events(EventSerde.of(Serdes.String(), Serdes.String()))
                .order(ProcessingOrder.PARTITION)
                .onFailure(RetryPolicy.never().thenDeadLetter(args[4]))
                .commitInterval(Duration.ofMillis(10))
                .clients(clients(Boolean.parseBoolean(args[6])))
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

    private static KafkaClients clients(boolean standsStill) {
        return new KafkaClients() {
            @Override
            public Producer<byte[], byte[]> producer(Map<String, Object> config) {
                Producer<byte[], byte[]> producer = KafkaClients.super.producer(config);
                return standsStill
                        ? FaultInjection.producer(producer, (step, moment, occurrence) -> {
                            if (step == Step.COMMIT && moment == Moment.BEFORE && occurrence == TRANSACTION) {
                                producer.flush();
                                System.out.println(STANDS_STILL);
                                new CountDownLatch(1).await();
                            }
                        })
                        : producer;
            }
        };
    }
}
