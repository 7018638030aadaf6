package dev.semel.examples.benchmarks.contestant;

import dev.semel.core.EventProcessor;
import dev.semel.core.EventProcessorBuilder;
import dev.semel.core.event.EventSerde;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serdes;

/** Semel's processor over bytes, with its defaults but for order and concurrency. */
final class SemelContestant implements Contestant {

    /** Which records are handled one after the other. */
    enum Order {
        PARTITION,
        KEY
    }

    private final EventProcessor<byte[], byte[]> processor;

    SemelContestant(Settings settings, Meter meter, Order order, int concurrency) {
        this.processor = ordered(EventProcessor.<byte[], byte[]>builder(), order)
                .kafka(settings.cluster())
                .group(settings.group())
                .topics(settings.input())
                .events(EventSerde.of(Serdes.ByteArray(), Serdes.ByteArray()))
                .concurrency(concurrency)
                .commitInterval(settings.commitInterval())
                .handler((event, context) -> {
                    meter.handle();
                    context.send(new ProducerRecord<>(settings.output(), event.key(), event.value()));
                })
                .build();
    }

    private static <K, V> EventProcessorBuilder<K, V> ordered(EventProcessorBuilder<K, V> builder, Order order) {
        return builder;
    }

    @Override
    public void start() {
        processor.start();
    }

    @Override
    public void close() {
        processor.close();
    }
}
