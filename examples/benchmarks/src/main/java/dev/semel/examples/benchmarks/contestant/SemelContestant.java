package dev.semel.examples.benchmarks.contestant;

import dev.semel.core.EventProcessor;
import dev.semel.core.ProcessingOrder;
import dev.semel.core.event.EventSerde;
import dev.semel.core.participant.Participant;
import dev.semel.examples.benchmarks.workload.Load;
import dev.semel.idempotency.Idempotency;
import dev.semel.idempotency.KafkaIdempotencyStore;
import dev.semel.idempotency.KeyExtractor;
import java.time.Duration;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serdes;

/** Semel's processor over bytes, with its defaults but for order and concurrency. */
final class SemelContestant implements Contestant {

    private final EventProcessor<byte[], byte[]> processor;

    SemelContestant(
            Settings settings, Meter meter, ProcessingOrder order, int concurrency, Participant... participants) {
        var builder = EventProcessor.<byte[], byte[]>builder()
                .order(order)
                .kafka(settings.cluster())
                .group(settings.group())
                .topics(settings.input())
                .events(EventSerde.of(Serdes.ByteArray(), Serdes.ByteArray()))
                .concurrency(concurrency)
                .commitInterval(settings.commitInterval())
                .handler((event, context) -> {
                    meter.handle();
                    context.send(new ProducerRecord<>(settings.output(), event.key(), event.value()));
                });
        for (Participant participant : participants) {
            builder.participant(participant);
        }
        this.processor = builder.build();
    }

    /** Remembers each record for a week, by the id that its value has. */
    static Participant marks() {
        KeyExtractor<byte[], byte[]> id = event -> Load.id(event.value());
        return Idempotency.with(KafkaIdempotencyStore.retaining(Duration.ofDays(7)))
                .key(id);
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
